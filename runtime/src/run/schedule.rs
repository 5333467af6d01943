//! What ran, when, and for how long.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::plan::{Plan, PlannedTask, TaskKind};

/// The tasks of a run, in the order in which they run one after another. Displayed it is a table.
///
/// The nodes of dynamic blocks, which run once for each item, are not in it: of a block there is only the node that opens
/// it, with the time of its own function. How long the others take is in [`hooks::Timings`](crate::hooks::Timings).
///
/// ```
/// use millstream::Graph;
///
/// let driver = Graph::builder()
///     .function("a", (), || 1.0)
///     .function("b", ["a"], |a: &f64| a + 1.0)
///     .function("unused", ["a"], |a: &f64| a - 1.0)
///     .build()?
///     .driver()
///     .build()?;
/// assert_eq!(driver.execute_named(["b"], ())?.schedule().to_string(), "1 a\n2 b\n");
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone)]
pub struct Schedule {
    plan: Arc<Plan>,
    /// By rank; empty if no timings were taken.
    timings: Vec<Option<Timing>>,
    total: Option<Duration>,
}

/// A task of a [`Schedule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScheduledTask<'s> {
    /// The node's name.
    pub node: &'s str,
    /// When it ran, if the driver was told to note it.
    pub timing: Option<Timing>,
}

/// When a task ran, for how long, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// From the beginning of the run to that of the task.
    pub start: Duration,
    /// From its beginning to its end. Where one task runs after another, what is dropped after it is part of it.
    pub duration: Duration,
    /// The thread of the rayon pool; `None` on a thread that is not one of it.
    pub thread: Option<usize>,
}

impl Schedule {
    pub(crate) fn new(plan: Arc<Plan>, timings: Vec<Option<Timing>>, total: Option<Duration>) -> Self {
        Self { plan, timings, total }
    }

    /// The tasks.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.0).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.schedule().tasks()[0].node, "a");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn tasks(&self) -> Vec<ScheduledTask<'_>> {
        let tasks =
            self.plan.tasks.iter().enumerate().filter(|(_, task)| matches!(task.kind, TaskKind::Node));
        let task = |(rank, task): (usize, &PlannedTask)| ScheduledTask {
            node: self.plan.graph.data().name(task.node),
            timing: self.timings.get(rank).copied().flatten(),
        };
        tasks.map(task).collect()
    }

    /// How long the whole run took, if the driver was told to note it.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.0).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.schedule().total(), None);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<Duration> {
        self.total
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = self.tasks();
        let digits = tasks.len().to_string().len();
        let width = tasks.iter().map(|task| task.node.chars().count()).max().unwrap_or(0);
        if self.total.is_some() {
            writeln!(f, "{:>digits$} {:width$} {:>10} {:>10}  thread", "", "node", "start", "took")?;
        }
        for (position, task) in (1..).zip(&tasks) {
            let position: usize = position;
            write!(f, "{position:>digits$} ")?;
            match task.timing {
                None => writeln!(f, "{}", task.node)?,
                Some(Timing { start, duration, thread }) => {
                    let thread = thread.map_or_else(|| "-".to_owned(), |thread| thread.to_string());
                    let (start, duration) = (shown_duration(start), shown_duration(duration));
                    writeln!(f, "{:width$} {start:>10} {duration:>10}  {thread:>6}", task.node)?;
                }
            }
        }
        if let Some(total) = self.total {
            writeln!(f, "{:>digits$} {:width$} {:>10} {:>10}", "", "in all", "", shown_duration(total))?;
        }
        Ok(())
    }
}

/// A duration as tables show it.
pub(crate) fn shown_duration(duration: Duration) -> String {
    format!("{duration:.1?}")
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tasks()).finish()
    }
}
