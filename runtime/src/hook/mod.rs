//! Those who listen to runs, and those who stand round the calls of nodes.

mod async_hook;
mod async_layer;
mod event;
mod layer;
mod listener;
mod live;
mod set;
mod telling;

use std::error::Error as StdError;
use std::ops::BitOr;
use std::sync::Arc;

use crate::error::NodeError;
use crate::graph::{Graph, GraphNode};

pub use async_hook::AsyncHook;
pub use async_layer::{AsyncCall, AsyncLayer, AwaitedLayer};
pub use event::{BlockEvent, ItemEvent, Message, NodeEvent, Progress, RunEnd, RunInfo, ValueView};
pub use layer::{CallError, Layer, NodeCall};
pub(crate) use live::{Ending, Line, Live};
pub use set::HookError;
pub(crate) use set::{Hooks, HooksBuilder};

/// Any error, as hooks and layers return it.
///
/// ```
/// let error: millstream::BoxedError = "no rows".into();
/// assert_eq!(error.to_string(), "no rows");
/// ```
pub type BoxedError = Box<dyn StdError + Send + Sync>;

/// What a hook says after it was told something.
///
/// ```
/// fn check(rows: usize) -> millstream::HookResult {
///     if rows == 0 { Err("no rows".into()) } else { Ok(()) }
/// }
/// assert!(check(0).is_err());
/// ```
pub type HookResult = Result<(), BoxedError>;

/// Listens to drivers and runs: [`DriverBuilder::hook`](crate::DriverBuilder::hook) adds one. Any number may listen at
/// once. Before something happens they are told in the order in which they were added, afterwards in the reverse order,
/// so that those added first stand round all others. One that has to wait for something is an [`AsyncHook`].
///
/// Hooks are called on the threads that run the nodes, several at the same time: what they write down they guard.
///
/// # Errors and panics
///
/// What `node_built` and `graph_built` return as errors makes that no driver is built, what `check_inputs` does that a
/// request is refused. An error of `before_node` is one of the node: it does not run. All others change nothing: the run
/// goes on, and its [`Report`](crate::Report) has them. A panic is an error.
///
/// Who was told `before_node` without refusing is told `after_node`, whatever happens; blocks, items and runs likewise.
/// What is given up in the middle, since the run ends, ends with an error of the kind
/// [`Cancelled`](crate::NodeErrorKind::Cancelled).
///
/// ```
/// use std::sync::Mutex;
///
/// use millstream::{Graph, Hook, HookResult, NodeError, NodeEvent, Points};
/// use std::sync::Arc;
///
/// #[derive(Default)]
/// struct Names(Mutex<Vec<String>>);
///
/// impl Hook for Names {
///     // What a hook does not ask for costs nothing.
///     fn listens(&self) -> Points {
///         Points::NODE
///     }
///
///     fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
///         if let (Ok(()), Some(value)) = (outcome, node.output()) {
///             self.0.lock().unwrap().push(format!("{} = {value:?}", node.name()));
///         }
///         Ok(())
///     }
/// }
///
/// let names = Arc::new(Names::default());
/// let graph = Graph::builder().function("a", (), || 1.5).build()?;
/// graph.driver().hook(Arc::clone(&names)).build()?.execute_named(["a"], ())?;
/// assert_eq!(*names.0.lock().unwrap(), ["a = 1.5"]);
/// # Ok::<(), millstream::Error>(())
/// ```
#[allow(unused_variables, reason = "the names say what there is")]
pub trait Hook: Send + Sync + 'static {
    /// The points it is told of: all but [`Points::TIMES`] if nothing is said.
    fn listens(&self) -> Points {
        Points::ALL
    }

    /// What it needs round the calls of the nodes it listens to, if it has to be there, too. It takes its place among the
    /// layers of the driver when the hook is added.
    fn layer(&self) -> Option<Arc<dyn Layer>> {
        None
    }

    /// A driver is being built, with this node or input in its graph.
    ///
    /// # Errors
    /// What is wrong with the node. All errors of all hooks are told of at once, and there is no driver.
    fn node_built(&self, node: GraphNode<'_>) -> HookResult {
        Ok(())
    }

    /// A driver is being built for this graph. Nodes come before it.
    ///
    /// # Errors
    /// What is wrong with the graph. All errors of all hooks are told of at once, and there is no driver.
    fn graph_built(&self, graph: &Graph) -> HookResult {
        Ok(())
    }

    /// A run is about to begin with these inputs, which are there, and of the right types.
    ///
    /// # Errors
    /// What is wrong with them: nothing runs. All errors of all hooks are told of at once.
    fn check_inputs(&self, run: &RunInfo<'_>) -> HookResult {
        Ok(())
    }

    /// A run begins. What was asked for has been checked.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
        Ok(())
    }

    /// A run has ended, well or not.
    ///
    /// # Errors
    /// The run reports them.
    fn after_run(&self, run: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        Ok(())
    }

    /// A node is about to be called; once, however often it is tried.
    ///
    /// # Errors
    /// The node fails with them, and is not called.
    fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
        Ok(())
    }

    /// A node has been called, or was refused by a hook that comes later.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        Ok(())
    }

    /// A dynamic block begins: its nodes will run once for each item.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn before_block(&self, block: &BlockEvent<'_>) -> HookResult {
        Ok(())
    }

    /// A dynamic block has ended.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn after_block(&self, block: &BlockEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        Ok(())
    }

    /// There is an item of a dynamic block.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn before_item(&self, item: &ItemEvent<'_>) -> HookResult {
        Ok(())
    }

    /// All nodes of the block have run for the item, or one has failed.
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn after_item(&self, item: &ItemEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
        Ok(())
    }

    /// A node says something, by its [`NodeContext`](crate::NodeContext).
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn message(&self, message: &Message<'_>) -> HookResult {
        Ok(())
    }

    /// A node says how far it has come, by its [`NodeContext`](crate::NodeContext).
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        Ok(())
    }
}

/// Points of a run, as a set: see [`Hook::listens`].
///
/// ```
/// use millstream::Points;
///
/// let points = Points::NODE | Points::RUN;
/// assert!(points.contains(Points::RUN) && !points.contains(Points::ITEM));
/// assert!(!Points::ALL.contains(Points::TIMES), "a clock costs more than a small node");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Points(u8);

impl Points {
    /// None.
    pub const NONE: Self = Self(0);
    /// `before_run` and `after_run`.
    pub const RUN: Self = Self(1);
    /// `before_node` and `after_node`.
    pub const NODE: Self = Self(1 << 1);
    /// `before_block` and `after_block`.
    pub const BLOCK: Self = Self(1 << 2);
    /// `before_item` and `after_item`.
    pub const ITEM: Self = Self(1 << 3);
    /// `message` and `progress`.
    pub const MESSAGE: Self = Self(1 << 4);
    /// `check_inputs`.
    pub const INPUTS: Self = Self(1 << 5);
    /// How long nodes, blocks, items and the run take. The clock is read only for those who ask.
    pub const TIMES: Self = Self(1 << 6);
    /// All but [`TIMES`](Self::TIMES).
    pub const ALL: Self = Self((1 << 6) - 1);

    /// Whether all of the others are among them.
    ///
    /// ```
    /// use millstream::Points;
    ///
    /// assert!(Points::ALL.contains(Points::NODE | Points::RUN));
    /// ```
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl BitOr for Points {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

macro_rules! shared_hook {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        /// One hook for several drivers, or that is looked at afterwards.
        impl<H: Hook + ?Sized> Hook for Arc<H> {
            fn listens(&self) -> Points {
                (**self).listens()
            }

            fn layer(&self) -> Option<Arc<dyn Layer>> {
                (**self).layer()
            }

            $(fn $name(&self, $($arg: $ty),*) -> HookResult {
                (**self).$name($($arg),*)
            })*
        }
    };
}
shared_hook! {
    node_built(node: GraphNode<'_>);
    graph_built(graph: &Graph);
    check_inputs(run: &RunInfo<'_>);
    before_run(run: &RunInfo<'_>);
    after_run(run: &RunInfo<'_>, end: &RunEnd<'_>);
    before_node(node: &NodeEvent<'_>);
    after_node(node: &NodeEvent<'_>, outcome: Result<(), &NodeError>);
    before_block(block: &BlockEvent<'_>);
    after_block(block: &BlockEvent<'_>, outcome: Result<(), &NodeError>);
    before_item(item: &ItemEvent<'_>);
    after_item(item: &ItemEvent<'_>, outcome: Result<(), &NodeError>);
    message(message: &Message<'_>);
    progress(progress: &Progress<'_>);
}
