//! The one error of the run time.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::descriptor::Place;
use crate::fault::Fault;
use crate::run::{Report, listed};

mod node;

pub use node::{NodeError, NodeErrorKind};

/// What went wrong: with a graph, with a request, or in a node.
///
/// [`Display`](fmt::Display) says what happened; with `{:#}` it adds the causes, one after another. `Debug`
/// prints the same with each cause on a line of its own, so that `fn main() -> Result<(), millstream::Error>`
/// reads well.
///
/// ```
/// use millstream::Graph;
///
/// let error = Graph::builder().function("roas", ["spned"], |spend: &f64| *spend).input::<f64>("spend").build();
/// assert_eq!(
///     error.unwrap_err().to_string(),
///     "node `roas` needs `spned`, which is neither a node nor an input; did you mean `spend`?"
/// );
/// ```
pub struct Error {
    inner: Box<Inner>,
}

enum Inner {
    Problems { kind: ErrorKind, problems: Vec<String> },
    Node { error: NodeError, report: Option<Report> },
    Stopped { kind: ErrorKind, message: String, report: Report },
}

/// The kinds of [`Error`].
///
/// ```
/// use millstream::{ErrorKind, Graph};
///
/// let error = Graph::builder().function("a", ["b"], |b: &f64| *b).build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Graph);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A graph does not keep the rules.
    Graph,
    /// What was asked for, or given, does not fit the graph; no node has run.
    Request,
    /// A node failed.
    Node,
    /// The run was called off.
    Cancelled,
    /// The run was not over when its time was.
    TimedOut,
    /// The values of a run cannot be had in the form that was asked for.
    Result,
}

impl Error {
    /// Which kind of error it is.
    ///
    /// ```
    /// use millstream::{ErrorKind, Graph};
    ///
    /// let driver = Graph::builder().input::<f64>("spend").build()?.driver().build()?;
    /// let error = driver.execute_named(["spned"], ()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Request);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.inner {
            Inner::Problems { kind, .. } | Inner::Stopped { kind, .. } => *kind,
            Inner::Node { .. } => ErrorKind::Node,
        }
    }

    /// Everything that is wrong, one message each; one where a node failed.
    ///
    /// ```
    /// let error = millstream::Graph::builder()
    ///     .function("a", ["x", "y"], |x: &f64, y: &f64| x + y)
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(error.problems().len(), 2);
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        match &*self.inner {
            Inner::Problems { problems, .. } => problems.clone(),
            Inner::Node { error, .. } => vec![error.to_string()],
            Inner::Stopped { message, .. } => vec![message.clone()],
        }
    }

    /// What is known of the node that failed, if that is what went wrong.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .try_function("load", [] as [&str; 0], || Err::<f64, _>("no such file"))
    ///     .function("mean", ["load"], |load: &f64| load / 2.0)
    ///     .build()?;
    /// let error = graph.driver().build()?.execute_named(["mean"], ()).unwrap_err();
    /// let failure = error.failure().unwrap();
    /// assert_eq!(failure.node(), "load");
    /// assert_eq!(failure.chain(), ["load", "mean"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn failure(&self) -> Option<&NodeError> {
        match &*self.inner {
            Inner::Problems { .. } | Inner::Stopped { .. } => None,
            Inner::Node { error, .. } => Some(error),
        }
    }

    /// The same by value.
    fn into_failure(self) -> Option<NodeError> {
        match *self.inner {
            Inner::Problems { .. } | Inner::Stopped { .. } => None,
            Inner::Node { error, .. } => Some(error),
        }
    }

    /// What became of each node of the run, where the driver [keeps going](crate::ErrorPolicy::KeepGoing), or
    /// the run was called off, or its time was over.
    ///
    /// ```
    /// use millstream::prelude::*;
    /// use millstream::ErrorPolicy;
    ///
    /// #[node]
    /// fn load() -> Result<f64, String> {
    ///     Err("no such file".to_owned())
    /// }
    ///
    /// #[node]
    /// fn mean(load: &f64) -> f64 {
    ///     load / 2.0
    /// }
    ///
    /// let graph = Graph::builder().node::<load>().node::<mean>().build()?;
    /// let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
    /// let error = driver.execute::<mean>(()).unwrap_err();
    /// assert_eq!(error.report().unwrap().errors()[0].node(), "load");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &*self.inner {
            Inner::Node { report, .. } => report.as_ref(),
            Inner::Stopped { report, .. } => Some(report),
            Inner::Problems { .. } => None,
        }
    }

    /// The same with something else said of what became of the nodes, if anything is.
    pub(crate) fn with_report(mut self, other: impl FnOnce(Report) -> Report) -> Self {
        if let Inner::Node { report: Some(report), .. } | Inner::Stopped { report, .. } = &mut *self.inner {
            *report = other(std::mem::take(report));
        }
        self
    }

    pub(crate) fn problems_of(kind: ErrorKind, problems: Vec<String>) -> Self {
        Self { inner: Box::new(Inner::Problems { kind, problems }) }
    }

    pub(crate) fn one(kind: ErrorKind, problem: String) -> Self {
        Self::problems_of(kind, vec![problem])
    }

    pub(crate) fn node(error: NodeError, report: Option<Report>) -> Self {
        Self { inner: Box::new(Inner::Node { error, report }) }
    }

    /// The run was called off.
    pub(crate) fn cancelled(report: Report) -> Self {
        let (run, all) = report.counts();
        let message = format!("the run was cancelled; {run} of {all} nodes had run");
        Self { inner: Box::new(Inner::Stopped { kind: ErrorKind::Cancelled, message, report }) }
    }

    /// Nobody waits for the run any more.
    pub(crate) fn given_up(report: Report) -> Self {
        let (run, all) = report.counts();
        let message = format!("the run was given up: its future was dropped; {run} of {all} nodes had run");
        Self { inner: Box::new(Inner::Stopped { kind: ErrorKind::Cancelled, message, report }) }
    }

    /// The run was not over when its time was.
    pub(crate) fn out_of_time(limit: Duration, report: Report) -> Self {
        let (run, all) = report.counts();
        let mut message = format!("the run was not over within {limit:?}; {run} of {all} nodes had run");
        let running = report.running();
        if !running.is_empty() {
            let verb = if running.len() == 1 { "was" } else { "were" };
            message = format!("{message}, {} {verb} running", listed(&running));
        }
        Self { inner: Box::new(Inner::Stopped { kind: ErrorKind::TimedOut, message, report }) }
    }

    pub(crate) fn of_entry(node: &str, place: Place, cause: Box<dyn StdError + Send + Sync>) -> Self {
        let error = NodeError::new(node, Some(place), Fault::Error(cause));
        Self::node(error.serving(vec![node.to_owned()], Vec::new()), None)
    }

    fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        std::iter::successors(self.source(), |error| (*error).source())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.inner {
            Inner::Problems { problems, .. } => match problems.as_slice() {
                [problem] => f.write_str(problem)?,
                problems => {
                    write!(f, "{} problems:", problems.len())?;
                    for problem in problems {
                        write!(f, "\n- {problem}")?;
                    }
                }
            },
            Inner::Node { error, .. } => write!(f, "{error}")?,
            Inner::Stopped { message, .. } => f.write_str(message)?,
        }
        if f.alternate() {
            for cause in self.causes() {
                write!(f, ": {cause}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for cause in self.causes() {
            write!(f, "\n  caused by: {cause}")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.inner {
            Inner::Problems { .. } | Inner::Stopped { .. } => None,
            Inner::Node { error, .. } => error.source(),
        }
    }
}
