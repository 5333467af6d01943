//! What is known of a node that failed.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::descriptor::Place;
use crate::fault::{Fault, drop_guarded, guard};

use super::{Error, ErrorKind};

/// A node that failed: which, where, why, and whom it was to serve. Cloning it is cheap.
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
#[derive(Clone)]
pub struct NodeError {
    what: Arc<What>,
    served: Option<Arc<Served>>,
    stand_in: Option<Arc<StandIn>>,
}

/// That what was to stand in for a node has failed, too.
struct StandIn {
    stands_for: String,
    /// There until it is dropped.
    error: Option<NodeError>,
}

/// What happened, without whom it was to serve.
struct What {
    node: String,
    place: Option<Place>,
    /// There until it is dropped.
    fault: Option<Fault>,
    attempts: u32,
    /// In dynamic blocks: of the outermost one first.
    items: Vec<usize>,
}

struct Served {
    chain: Vec<String>,
    needed_by: Vec<String>,
}

/// What happened to a node that failed.
///
/// ```
/// use millstream::{Graph, NodeErrorKind};
///
/// let graph = Graph::builder().try_function("a", (), || Err::<f64, _>("no")).build()?;
/// let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
/// assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::Failed);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeErrorKind {
    /// It returned an error.
    Failed,
    /// It panicked.
    Panicked,
    /// It took longer than it may.
    TimedOut,
    /// It was told to stop, and did, or was given up where it waited.
    Cancelled,
    /// It was called with what does not fit it: its descriptor contradicts itself.
    Misfit,
}

impl NodeError {
    pub(crate) fn new(node: &str, place: Option<Place>, fault: Fault) -> Self {
        let what = What { node: node.to_owned(), place, fault: Some(fault), attempts: 1, items: Vec::new() };
        Self { what: Arc::new(what), served: None, stand_in: None }
    }

    /// The same, after as many attempts.
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        if let Some(what) = Arc::get_mut(&mut self.what) {
            what.attempts = attempts;
        }
        self
    }

    /// The same, for items of dynamic blocks, of the outermost one first.
    pub(crate) fn for_items(mut self, items: Vec<usize>) -> Self {
        if let Some(what) = Arc::get_mut(&mut self.what) {
            what.items = items;
        }
        self
    }

    /// The same, as the error of a run, which tells whom the node was to serve.
    pub(crate) fn serving(self, chain: Vec<String>, needed_by: Vec<String>) -> Self {
        let served = match &self.served {
            // It comes from an earlier run, where it was on the way to this one.
            Some(earlier) if earlier.chain.last() == chain.first() => {
                let way = earlier.chain.iter().cloned().chain(chain.into_iter().skip(1));
                Served { chain: way.collect(), needed_by: earlier.needed_by.clone() }
            }
            _ => Served { chain, needed_by },
        };
        Self { served: Some(Arc::new(served)), ..self }
    }

    /// The same, where what was to stand in for a node has failed, too.
    pub(crate) fn and_stand_in(self, node: &str, error: Self) -> Self {
        Self { stand_in: Some(Arc::new(StandIn { stands_for: node.to_owned(), error: Some(error) })), ..self }
    }

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
        &self.what.node
    }

    /// The node's name, and where it has run others in a [run of its own](crate::Driver::within) and one of those has
    /// failed, that one's, and so on.
    ///
    /// ```
    /// use millstream::{Graph, SubDriver};
    ///
    /// let inner = Graph::builder().try_function("a", (), || Err::<f64, _>("no")).build()?.driver().build()?;
    /// let graph = Graph::builder().sub_driver("b", SubDriver::of(&inner).outputs(["a"])).build()?;
    /// let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().path(), ["b", "a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        self.levels().map(Self::node).collect()
    }

    /// It, and the errors of runs within the node that it comes from.
    fn levels(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |error| error.of_run()?.failure())
    }

    /// The error of a run within the node, if it is one.
    fn of_run(&self) -> Option<&Error> {
        Self::cause(self)?.downcast_ref()
    }

    /// The one that all others come from.
    fn innermost(&self) -> &Self {
        self.levels().last().unwrap_or(self)
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
        self.what.place
    }

    /// What happened to it.
    ///
    /// ```
    /// # use millstream::NodeErrorKind;
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::Failed);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> NodeErrorKind {
        match &self.what.fault {
            Some(Fault::Error(_))
                if self.of_run().is_some_and(|error| error.kind() == ErrorKind::Cancelled) =>
            {
                NodeErrorKind::Cancelled
            }
            Some(Fault::Error(_)) => NodeErrorKind::Failed,
            Some(Fault::Panic(_)) => NodeErrorKind::Panicked,
            Some(Fault::TimedOut(_)) => NodeErrorKind::TimedOut,
            Some(Fault::Stopped) => NodeErrorKind::Cancelled,
            Some(Fault::Misfit(_) | Fault::Item(_) | Fault::Known(_) | Fault::End) | None => {
                NodeErrorKind::Misfit
            }
        }
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
        self.kind() == NodeErrorKind::Panicked
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
        match &self.what.fault {
            Some(Fault::Error(error)) => Some(&**error),
            Some(
                Fault::Panic(_)
                | Fault::TimedOut(_)
                | Fault::Misfit(_)
                | Fault::Item(_)
                | Fault::Known(_)
                | Fault::Stopped
                | Fault::End,
            )
            | None => None,
        }
    }

    /// What it said: the error it returned, with its causes, or the message of its panic.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().message(), "no");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> String {
        match &self.what.fault {
            Some(Fault::Error(_)) => {
                let causes = std::iter::successors(self.cause(), |cause| (*cause).source());
                causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
            }
            Some(Fault::Panic(message) | Fault::Misfit(message)) => message.clone(),
            Some(Fault::TimedOut(limit)) => format!("it took longer than {limit:?}"),
            Some(Fault::Stopped) => "the run has ended before it".to_owned(),
            Some(Fault::Item(_) | Fault::Known(_) | Fault::End) | None => String::new(),
        }
    }

    /// The failure of what was to stand in for the node, where that has failed, too.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .try_function("cached", (), || Err::<f64, _>("no such file"))
    ///     .try_function("price", (), || Err::<f64, _>("no network"))
    ///     .fallback("cached")
    ///     .build()?;
    /// let error = graph.driver().build()?.execute_named(["price"], ()).unwrap_err();
    /// assert_eq!(error.failure().and_then(|error| error.fallback()).map(|error| error.node()), Some("cached"));
    /// assert_eq!(
    ///     format!("{error:#}"),
    ///     "node `price` failed; so did `cached`, which was to stand in for it (no such file): no network"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn fallback(&self) -> Option<&Self> {
        self.stand_in.as_ref()?.error.as_ref()
    }

    /// How often it was tried.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().attempts(), 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.what.attempts
    }

    /// For which item of a dynamic block it failed, counted from 0; in nested blocks of the outermost one first: `[3, 4]`
    /// is item 4 of those that item 3 has. Empty where it is in none.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod parsing {
    ///     use millstream::{Collect, Parallelizable};
    ///
    ///     #[node]
    ///     pub fn text() -> Parallelizable<&'static str> {
    ///         Parallelizable::new(["1", "x"])
    ///     }
    ///
    ///     #[node]
    ///     pub fn number(text: &&'static str) -> Result<i32, std::num::ParseIntError> {
    ///         text.parse()
    ///     }
    ///
    ///     #[node]
    ///     pub fn sum(number: Collect<'_, i32>) -> i32 {
    ///         number.iter().sum()
    ///     }
    /// }
    ///
    /// let error = parsing::driver().build()?.execute::<parsing::sum>(()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().items(), [1]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn items(&self) -> &[usize] {
        &self.what.items
    }

    /// The way from the node to a requested output that needs it, both included. Only the error of a run has it.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", [] as [&str; 0], || Err::<f64, _>("no")).build()?;
    /// # let error = graph.driver().build()?.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().chain(), ["a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn chain(&self) -> &[String] {
        self.served.as_ref().map_or(&[], |served| &served.chain)
    }

    /// The nodes of the run that needed its value themselves, in the order in which they would have run. Only the
    /// error of a run has them.
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
        self.served.as_ref().map_or(&[], |served| &served.needed_by)
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<String> = self.path().iter().map(|name| format!("`{name}`")).collect();
        write!(f, "node {}", path.join(" > "))?;
        let What { place, fault, .. } = &*self.innermost().what;
        if let Some(place) = place {
            write!(f, " ({place})")?;
        }
        f.write_str(match fault {
            Some(Fault::Error(_)) => " failed",
            Some(Fault::Panic(_)) => " panicked",
            Some(Fault::TimedOut(_)) => " took too long",
            Some(Fault::Stopped) => " was given up",
            Some(Fault::Misfit(_) | Fault::Item(_) | Fault::Known(_) | Fault::End) | None => {
                " was called with what does not fit it"
            }
        })?;
        let mut before = " for";
        for item in self.levels().flat_map(Self::items) {
            write!(f, "{before} item {item}")?;
            before = ", within it for";
        }
        let attempts: u32 = self.levels().map(Self::attempts).max().unwrap_or(1);
        if attempts > 1 {
            write!(f, " after {attempts} attempts")?;
        }
        if let Some(Fault::Panic(message) | Fault::Misfit(message)) = fault {
            write!(f, ": {message}")?;
        }
        if let Some(Fault::TimedOut(limit)) = fault {
            write!(f, ": more than {limit:?}")?;
        }
        if let Some(Fault::Stopped) = fault {
            f.write_str(": the run has ended before it")?;
        }
        if let Some(StandIn { stands_for, error: Some(error) }) = self.stand_in.as_deref() {
            let node = if stands_for == self.node() { "it" } else { &format!("`{stands_for}`") };
            write!(f, "; so did `{}`, which was to stand in for {node} ({})", error.node(), error.message())?;
        }
        if self.chain().len() > 1 {
            let way: Vec<String> = self.chain().iter().map(|name| format!("`{name}`")).collect();
            write!(f, "; it was needed on the way {}", way.join(" -> "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for cause in std::iter::successors(self.source(), |cause| (*cause).source()) {
            write!(f, "\n  caused by: {cause}")?;
        }
        Ok(())
    }
}

/// The message tells of runs within the node, so what has caused them comes next.
impl StdError for NodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.innermost().cause()
    }
}

impl Drop for What {
    fn drop(&mut self) {
        drop_one_by_one(dropped_but_for_a_node(self.fault.take()));
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop_one_by_one(self.error.take());
    }
}

/// Drops an error, and those that only it holds: they may be as many as there are nodes.
fn drop_one_by_one(error: Option<NodeError>) {
    let mut left: Vec<NodeError> = error.into_iter().collect();
    while let Some(NodeError { what, stand_in, .. }) = left.pop() {
        let fault = Arc::into_inner(what).and_then(|mut what| what.fault.take());
        left.extend(dropped_but_for_a_node(fault));
        left.extend(stand_in.and_then(Arc::into_inner).and_then(|mut stand_in| stand_in.error.take()));
    }
}

/// Drops why a node has failed, with care, for that may be of the user's type; unless it is that another node has.
fn dropped_but_for_a_node(fault: Option<Fault>) -> Option<NodeError> {
    let Some(Fault::Error(error)) = fault else { return None };
    let error = match error.downcast::<NodeError>() {
        Ok(error) => return Some(*error),
        Err(error) => error,
    };
    match error.downcast::<Error>() {
        Ok(error) => guard(|| error.into_failure()).ok().flatten(),
        Err(error) => {
            let _ = drop_guarded(error);
            None
        }
    }
}
