//! What a node knows of the run it is in, and what it may say.

mod here;
mod id;
mod notes;

use std::fmt;

pub(crate) use here::Here;
pub use id::RunId;
pub(crate) use notes::Notes;
pub use notes::{Metadata, Note};

use crate::hook::{Line, Live, Message, Progress};

/// How important a message of a node is.
///
/// ```
/// assert!(millstream::Level::Error < millstream::Level::Info);
/// assert_eq!(millstream::Level::Info.to_string(), "info");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something is wrong.
    Error,
    /// Something may be wrong.
    Warn,
    /// What is worth knowing.
    Info,
    /// What helps to find mistakes.
    Debug,
    /// Everything.
    Trace,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warn => "warning",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        })
    }
}

/// The run that a node is in, as a parameter of it: messages, progress, metadata, and whether the run was called off.
/// It is no edge.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod training {
///     use millstream::Level;
///     use millstream::prelude::*;
///
///     #[node]
///     pub fn model(run: NodeContext<'_>) -> f64 {
///         let mut error = 1.0;
///         for epoch in 1..=10 {
///             if run.is_cancelled() {
///                 break;
///             }
///             error /= 2.0;
///             run.progress(epoch, 10);
///         }
///         run.log(Level::Info, format_args!("{} came to {error}", run.node()));
///         run.set(error);
///         error
///     }
/// }
///
/// let run = training::driver().build()?.execute::<training::model>(())?;
/// assert_eq!(run.metadata("model")[0].get::<f64>(), Some(&(1.0 / 1024.0)));
///
/// // By hand:
/// assert_eq!(training::model(NodeContext::detached()), 1.0 / 1024.0);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct NodeContext<'r> {
    here: Option<&'r Here>,
    node: u32,
    notes: Option<&'r Notes>,
}

impl<'r> NodeContext<'r> {
    pub(crate) fn new(here: &'r Here, node: u32, notes: Option<&'r Notes>) -> Self {
        Self { here: Some(here), node, notes }
    }

    /// One of no run, to call the function of a node by hand: nobody hears what the node says.
    ///
    /// ```
    /// use millstream::NodeContext;
    ///
    /// let context = NodeContext::detached();
    /// assert!(!context.is_cancelled());
    /// assert_eq!(context.node(), "");
    /// ```
    #[must_use]
    pub fn detached() -> Self {
        Self { here: None, node: 0, notes: None }
    }

    /// The same, which writes its metadata down, so that a test can look at it.
    ///
    /// ```
    /// use millstream::{Metadata, NodeContext};
    ///
    /// fn rows(run: NodeContext<'_>) -> usize {
    ///     run.set("a.csv");
    ///     3
    /// }
    ///
    /// let metadata = Metadata::new();
    /// assert_eq!(rows(NodeContext::writing_to(&metadata)), 3);
    /// assert_eq!(metadata.get::<&str>(), Some(&"a.csv"));
    /// ```
    #[must_use]
    pub fn writing_to(metadata: &'r Metadata) -> Self {
        Self { here: None, node: 0, notes: Some(metadata.notes()) }
    }

    fn live(self) -> Option<(&'r Here, &'r Live)> {
        let here = self.here?;
        Some((here, here.live.as_deref()?))
    }

    /// What a run within this one is called, and what ends it.
    pub(crate) fn child(self) -> Option<Line> {
        self.live().map(|(here, live)| live.child(here.tokens(self.node)))
    }

    /// What the run is called. [`detached`](Self::detached) it is 0.
    ///
    /// ```
    /// use millstream::{Graph, NodeContext, RunId};
    ///
    /// let graph = Graph::builder().function("id", (), |run: NodeContext<'_>| run.run_id()).build()?;
    /// let mut run = graph.driver().build()?.execute_named(["id"], ())?;
    /// assert_eq!(run.take::<RunId>("id")?, run.id());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn run_id(self) -> RunId {
        self.live().map_or(RunId::from_u128(0), |(_, live)| live.run().id())
    }

    /// The name of the node.
    ///
    /// ```
    /// use millstream::{Graph, NodeContext};
    ///
    /// let graph = Graph::builder().function("me", (), |run: NodeContext<'_>| run.node().to_owned()).build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["me"], ())?.get::<String>("me")?, "me");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn node(self) -> &'r str {
        self.live().map_or("", |(_, live)| live.graph().data().name(self.node))
    }

    /// In dynamic blocks the items, counted from 0, of the outermost block first.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod letters {
    ///     use millstream::prelude::*;
    ///
    ///     #[node]
    ///     pub fn letter() -> Parallelizable<char> {
    ///         Parallelizable::new(['a', 'b'])
    ///     }
    ///
    ///     #[node]
    ///     pub fn numbered(letter: &char, run: NodeContext<'_>) -> String {
    ///         format!("{letter}{}", run.items()[0])
    ///     }
    /// }
    ///
    /// let numbered = letters::driver().build()?.execute::<letters::numbered>(())?.into_values();
    /// assert_eq!(numbered, ["a0", "b1"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn items(self) -> Vec<usize> {
        self.here.map(Here::items).unwrap_or_default()
    }

    /// Says something to those who listen to messages; nobody else hears it.
    ///
    /// ```
    /// use millstream::{Graph, Level, NodeContext};
    ///
    /// let greet = |run: NodeContext<'_>| run.log(Level::Info, "good morning");
    /// let graph = Graph::builder().function("greeting", (), greet).build()?;
    /// # let _ = graph;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn log(self, level: Level, text: impl fmt::Display) {
        if let Some((here, live)) = self.live() {
            live.said(&Message { live, here, node: self.node, level, text: &text });
        }
    }

    /// Says how far it has come: so much of so much.
    ///
    /// ```
    /// use millstream::{Graph, NodeContext};
    ///
    /// let work = |run: NodeContext<'_>| (0..10).for_each(|done| run.progress(done + 1, 10));
    /// let graph = Graph::builder().function("work", (), work).build()?;
    /// # let _ = graph;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn progress(self, done: u64, total: u64) {
        if let Some((here, live)) = self.live() {
            live.progressed(&Progress { live, here, node: self.node, done, total });
        }
    }

    /// Whether nobody wants any more what the node comes to: the run was [called off](crate::CancellationToken) or
    /// dropped, its time is over or that of the node, or it has failed, as has the block if an item before this one did.
    /// A node that takes long may look now and then, and return early: nobody will use its value.
    ///
    /// ```
    /// assert!(!millstream::NodeContext::detached().is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(self) -> bool {
        self.here.is_some_and(|here| here.is_over(self.node))
    }

    /// Writes something about the node, of a type by which it is found again: by later nodes that take
    /// [`&Metadata<node>`](Metadata), by hooks, and in [`Run::metadata`](crate::Run::metadata).
    ///
    /// ```
    /// use millstream::{Graph, NodeContext};
    ///
    /// let rows = |run: NodeContext<'_>| run.set("a.csv");
    /// let graph = Graph::builder().function("rows", (), rows).build()?;
    /// let run = graph.driver().build()?.execute_named(["rows"], ())?;
    /// assert_eq!(run.metadata("rows")[0].get::<&str>(), Some(&"a.csv"));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn set<T: fmt::Debug + Send + Sync + 'static>(self, metadata: T) {
        let Some(notes) = self.notes else { return };
        if notes.add(metadata)
            && let Some((here, live)) = self.live()
        {
            live.keep(self.node, here.items(), notes.clone());
        }
    }
}

impl fmt::Debug for NodeContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeContext")
            .field("node", &self.node())
            .field("items", &self.items())
            .finish_non_exhaustive()
    }
}
