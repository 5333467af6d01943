//! The one error of the run time.

use std::error::Error as StdError;
use std::fmt;

use crate::descriptor::Place;
use crate::fault::Fault;

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
    Node(NodeFailure),
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
            Inner::Problems { kind, .. } => *kind,
            Inner::Node(_) => ErrorKind::Node,
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
            Inner::Node(failure) => vec![failure.to_string()],
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
    pub fn failure(&self) -> Option<&NodeFailure> {
        match &*self.inner {
            Inner::Problems { .. } => None,
            Inner::Node(failure) => Some(failure),
        }
    }

    pub(crate) fn problems_of(kind: ErrorKind, problems: Vec<String>) -> Self {
        Self { inner: Box::new(Inner::Problems { kind, problems }) }
    }

    pub(crate) fn one(kind: ErrorKind, problem: String) -> Self {
        Self::problems_of(kind, vec![problem])
    }

    pub(crate) fn node(failure: NodeFailure) -> Self {
        Self { inner: Box::new(Inner::Node(failure)) }
    }

    pub(crate) fn of_entry(node: &str, place: Place, cause: Box<dyn StdError + Send + Sync>) -> Self {
        Self::node(NodeFailure {
            node: node.to_owned(),
            place: Some(place),
            chain: vec![node.to_owned()],
            needed_by: Vec::new(),
            fault: Fault::Error(cause),
        })
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
            Inner::Node(failure) => write!(f, "{failure}")?,
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
            Inner::Problems { .. } => None,
            Inner::Node(failure) => failure.cause(),
        }
    }
}

/// A node that failed: which, where, why, and whom it was to serve.
///
/// ```
/// use millstream::Graph;
///
/// let graph = Graph::builder()
///     .function("bad", [] as [&str; 0], || -> f64 { unreachable!("no rows") })
///     .build()?;
/// let error = graph.driver().build()?.execute_named(["bad"], ()).unwrap_err();
/// assert_eq!(error.to_string(), "node `bad` panicked: internal error: entered unreachable code: no rows");
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Debug)]
pub struct NodeFailure {
    pub(crate) node: String,
    pub(crate) place: Option<Place>,
    pub(crate) chain: Vec<String>,
    pub(crate) needed_by: Vec<String>,
    pub(crate) fault: Fault,
}

impl NodeFailure {
    /// The node's name.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().node(), "a");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Where the node stands in the source; `None` for a closure.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().place(), None);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// The way from the node to a requested output that needs it, both included.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().chain(), ["a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn chain(&self) -> &[String] {
        &self.chain
    }

    /// The nodes of the run that needed its value themselves, in the order in which they would have run.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .try_function("a", [] as [&str; 0], || Err::<f64, _>("no"))
    /// #     .function("b", ["a"], |a: &f64| *a)
    /// #     .build()?;
    /// # let error = graph.driver().build()?.execute_named(["b"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().needed_by(), ["b"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn needed_by(&self) -> &[String] {
        &self.needed_by
    }

    /// Whether it panicked, rather than return an error.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert!(!error.failure().unwrap().panicked());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn panicked(&self) -> bool {
        matches!(self.fault, Fault::Panic(_))
    }

    /// The error the node returned, if it returned one.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().cause().unwrap().to_string(), "no");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.fault {
            Fault::Error(error) => Some(&**error),
            Fault::Panic(_) | Fault::Misfit(_) => None,
        }
    }
}

impl fmt::Display for NodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node `{}`", self.node)?;
        if let Some(place) = self.place {
            write!(f, " ({place})")?;
        }
        match &self.fault {
            Fault::Error(_) => f.write_str(" failed")?,
            Fault::Panic(message) => write!(f, " panicked: {message}")?,
            Fault::Misfit(message) => write!(f, " was called with what does not fit it: {message}")?,
        }
        if self.chain.len() > 1 {
            let way: Vec<String> = self.chain.iter().map(|name| format!("`{name}`")).collect();
            write!(f, "; it was needed on the way {}", way.join(" -> "))?;
        }
        Ok(())
    }
}
