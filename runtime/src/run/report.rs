//! What became of each node of a run.

use std::fmt;

use crate::error::NodeError;
use crate::hook::HookError;

/// What became of each node of a run, in the order in which they run one after another. Displayed it is a table. It
/// is the same on every executor.
///
/// A node of a dynamic block has failed if it has for any item, and nothing stood in for it: the first of these is told
/// of, and [how many](NodeReport::failed_items) there are. It was skipped if something that it needs has failed for any,
/// and done if it was done for all. Which items have failed a `Collect<'_, Result<..>>` sees.
///
/// ```
/// use millstream::{ErrorPolicy, Graph};
///
/// let graph = Graph::builder()
///     .try_function("load", (), || Err::<f64, _>("no such file"))
///     .function("mean", ["load"], |load: &f64| load / 2.0)
///     .function("count", (), || 3)
///     .build()?;
/// let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
/// let run = driver.execute_named(["mean", "count"], ())?;
/// assert_eq!(
///     run.report().to_string(),
///     "\
/// load   failed   no such file
/// mean   skipped  because of `load`
/// count  done
/// "
/// );
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Report {
    nodes: Vec<NodeReport>,
    drops: Vec<NodeError>,
    hooks: Vec<HookError>,
}

/// What became of a node. See [`Report`].
///
/// ```
/// use millstream::{Collect, ErrorPolicy, Graph, Parallelizable};
///
/// let graph = Graph::builder()
///     .expand("line", (), || Parallelizable::new(["1", "a", "3", "b"]))
///     .try_function("number", ["line"], |line: &&str| line.parse::<i32>().map_err(|_| format!("{line} is no number")))
///     .function("sum", ["number"], |number: Collect<'_, i32>| number.iter().sum::<i32>())
///     .build()?;
/// let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
/// let report = driver.execute_named(["sum"], ())?.report();
/// assert_eq!(report.nodes()[1].failed_items, 2);
/// assert_eq!(
///     report.to_string(),
///     "\
/// line    done
/// number  failed   for 2 items, first: a is no number
/// sum     skipped  because of `number`
/// "
/// );
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NodeReport {
    /// The node's name; an input is among them where its default was made.
    pub node: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was tried; 0 where it did not run.
    pub attempts: u32,
    /// In dynamic blocks, where it has failed or fell back: for how many items. It is 1 where the block ended at the first.
    pub failed_items: usize,
}

/// What became of a node of a run.
///
/// ```
/// use millstream::{Graph, Outcome};
///
/// let run = Graph::builder().function("a", (), || 1).build()?.driver().build()?.execute_named(["a"], ())?;
/// assert!(matches!(run.report().nodes()[0].outcome, Outcome::Done));
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It did what it was to do.
    Done,
    /// It failed.
    Failed(NodeError),
    /// It did not run, for something it needs is missing.
    Skipped {
        /// The nodes whose failure is to blame, in the order of the graph.
        because: Vec<String>,
    },
    /// It has no value of its own, for it, or something it needs, has failed; but something stands in for it.
    FellBack {
        /// The node whose value it has now; `None` where it is a constant.
        on: Option<String>,
        /// What has failed.
        error: NodeError,
    },
    /// It did not run, for nothing has failed that it was to stand in for.
    NotNeeded,
    /// It was running when the time of the run was over, and is let finish.
    Running,
    /// It did not run, for the run ended before its turn.
    NotReached,
}

impl Report {
    pub(crate) fn new(nodes: Vec<NodeReport>, drops: Vec<NodeError>, hooks: Vec<HookError>) -> Self {
        Self { nodes, drops, hooks }
    }

    /// The same, and what became of the nodes of a run that came after it, and lacked some inputs.
    pub(crate) fn and(mut self, next: Self, lacking: &[(String, NodeError)]) -> Self {
        let is_lacking = |name: &str| lacking.iter().any(|(input, _)| input == name);
        for mut report in next.nodes.into_iter().filter(|report| !is_lacking(&report.node)) {
            if let Outcome::Skipped { because } = &mut report.outcome {
                let roots =
                    because.iter().flat_map(|name| match lacking.iter().find(|(input, _)| input == name) {
                        Some((input, error)) => self.roots(input, error),
                        None => vec![name.clone()],
                    });
                *because = roots.collect();
            }
            self.nodes.push(report);
        }
        self.drops.extend(next.drops);
        self.hooks.extend(next.hooks);
        self
    }

    /// The nodes that are to blame for it that there is no value of a name.
    fn roots(&self, name: &str, error: &NodeError) -> Vec<String> {
        match self.nodes.iter().rfind(|report| report.node == name).map(|report| &report.outcome) {
            Some(Outcome::Skipped { because }) => because.clone(),
            _ => vec![error.node().to_owned()],
        }
    }

    /// All nodes of the run, in order.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.report().nodes()[0].node, "a");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn nodes(&self) -> &[NodeReport] {
        &self.nodes
    }

    /// What became of a node; `None` where it had no part in the run.
    ///
    /// ```
    /// # use millstream::Outcome;
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let report = driver.execute_named(["a"], ())?.report();
    /// assert!(matches!(report.outcome("a"), Some(Outcome::Done)));
    /// assert!(report.outcome("b").is_none());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn outcome(&self, node: &str) -> Option<&Outcome> {
        self.nodes.iter().find(|report| report.node == node).map(|report| &report.outcome)
    }

    /// The hooks that have failed; that of a node which refused it is among the [errors](Self::errors).
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert!(driver.execute_named(["a"], ())?.report().hook_errors().is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn hook_errors(&self) -> &[HookError] {
        &self.hooks
    }

    /// Whether all did what they were to do, or something stood in for them.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert!(driver.execute_named(["a"], ())?.report().is_complete());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_fine = |outcome: &Outcome| {
            matches!(outcome, Outcome::Done | Outcome::FellBack { .. } | Outcome::NotNeeded)
        };
        self.drops.is_empty() && self.nodes.iter().all(|report| is_fine(&report.outcome))
    }

    /// How many nodes did what they were to do, and how many there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let done = self.nodes.iter().filter(|report| matches!(report.outcome, Outcome::Done));
        (done.count(), self.nodes.len())
    }

    /// The nodes that were running when the time of the run was over.
    pub(crate) fn running(&self) -> Vec<&str> {
        let running = self.nodes.iter().filter(|report| matches!(report.outcome, Outcome::Running));
        running.map(|report| report.node.as_str()).collect()
    }

    /// Everything that failed, also where something stood in for it: the nodes, in order, then those whose values panicked when they were dropped.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert!(driver.execute_named(["a"], ())?.report().errors().is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn errors(&self) -> Vec<&NodeError> {
        let failed = self.nodes.iter().filter_map(|report| match &report.outcome {
            Outcome::Failed(error) => Some(error),
            // Where something else has failed that is told of there.
            Outcome::FellBack { error, .. } if error.node() == report.node => Some(error),
            _ => None,
        });
        failed.chain(&self.drops).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.nodes.iter().map(|report| report.node.chars().count()).max().unwrap_or(0);
        for NodeReport { node, outcome, attempts, failed_items } in &self.nodes {
            write!(f, "{node:width$}  ")?;
            outcome.tell(*failed_items, f)?;
            match (outcome, attempts) {
                (_, 0 | 1) => writeln!(f)?,
                (Outcome::Done, _) => writeln!(f, "     after {attempts} attempts")?,
                _ => writeln!(f, " (after {attempts} attempts)")?,
            }
        }
        for error in &self.drops {
            writeln!(f, "{:width$}  dropped  {}", error.node(), error.message())?;
        }
        for error in &self.hooks {
            writeln!(f, "{error}")?;
        }
        Ok(())
    }
}

impl Outcome {
    /// Displays it, with the number of items that have failed.
    fn tell(&self, failed_items: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = |before: &str, error: &NodeError| match failed_items {
            0 | 1 => format!("{before} {}", error.message()),
            many => format!(" for {many} items, first: {}", error.message()),
        };
        match self {
            Self::Done => f.write_str("done"),
            Self::Failed(error) => write!(f, "failed  {}", why("", error)),
            Self::Skipped { because } => {
                let names: Vec<String> = because.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "skipped  because of {}", names.join(", "))
            }
            Self::FellBack { on: Some(other), error } => {
                write!(f, "done     fell back on `{other}`{}", why(":", error))
            }
            Self::FellBack { on: None, error } => {
                write!(f, "done     fell back on a constant{}", why(":", error))
            }
            Self::NotNeeded => f.write_str("not needed"),
            Self::Running => f.write_str("running"),
            Self::NotReached => f.write_str("not reached"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(0, f)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
