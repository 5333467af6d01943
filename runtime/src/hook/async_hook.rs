//! Hooks that wait.

use std::future::{Future, ready};
use std::sync::Arc;

use crate::error::NodeError;
use crate::graph::{Graph, GraphNode};

use super::{
    BlockEvent, HookResult, ItemEvent, Layer, Message, NodeEvent, Points, Progress, RunEnd, RunInfo,
};

/// A [`Hook`](super::Hook) that may wait for something at the points of a run: an answer of a service, room in a queue.
/// [`DriverBuilder::async_hook`](crate::DriverBuilder::async_hook) adds one. It takes its place among all other hooks, and
/// what is said of these holds for it, too. Its methods may be written as `async fn`.
///
/// A run goes on when its hooks have been awaited, but what does not wait for the node in question goes on meanwhile. Where
/// the run is awaited no thread is held up. Where it is not, the thread waits, as it does for async nodes; so
/// [`execute`](crate::Driver::execute) is an error where that would block an async runtime.
///
/// Hooks are not given up: also where the future of a run is dropped they are awaited to their end, in the background.
///
/// What happens while a driver is built, or in the middle of a node's call, cannot wait: `node_built`, `graph_built`,
/// `message` and `progress` are what they are in a `Hook`.
///
/// ```
/// use millstream::{AsyncHook, Graph, HookResult, NodeError, NodeEvent, Points};
/// use tokio::sync::mpsc::{Sender, channel};
///
/// /// Tells of what is over, as fast as somebody takes note of it.
/// struct Tell(Sender<String>);
///
/// impl AsyncHook for Tell {
///     fn listens(&self) -> Points {
///         Points::NODE
///     }
///
///     async fn after_node(&self, node: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
///         let text = if outcome.is_ok() { "is done" } else { "has failed" };
///         Ok(self.0.send(format!("{} {text}", node.name())).await?)
///     }
/// }
///
/// let (tell, mut told) = channel(1);
/// let graph = Graph::builder().function("a", (), || 1).function("b", ["a"], |a: &i32| a + 1).build()?;
/// let driver = graph.driver().async_hook(Tell(tell)).build()?;
/// let listener = std::thread::spawn(move || [told.blocking_recv(), told.blocking_recv()]);
/// assert_eq!(driver.execute_named(["b"], ())?.get::<i32>("b")?, &2);
/// assert_eq!(listener.join().unwrap().map(Option::unwrap), ["a is done", "b is done"]);
/// # Ok::<(), millstream::Error>(())
/// ```
#[allow(unused_variables, reason = "the names say what there is")]
pub trait AsyncHook: Send + Sync + 'static {
    /// See [`Hook::listens`](super::Hook::listens).
    fn listens(&self) -> Points {
        Points::ALL
    }

    /// See [`Hook::layer`](super::Hook::layer).
    fn layer(&self) -> Option<Arc<dyn Layer>> {
        None
    }

    /// See [`Hook::node_built`](super::Hook::node_built).
    ///
    /// # Errors
    /// What is wrong with the node.
    fn node_built(&self, node: GraphNode<'_>) -> HookResult {
        Ok(())
    }

    /// See [`Hook::graph_built`](super::Hook::graph_built).
    ///
    /// # Errors
    /// What is wrong with the graph.
    fn graph_built(&self, graph: &Graph) -> HookResult {
        Ok(())
    }

    /// See [`Hook::check_inputs`](super::Hook::check_inputs). It may yield what is wrong with them as an error.
    fn check_inputs(&self, run: &RunInfo<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::before_run`](super::Hook::before_run).
    fn before_run(&self, run: &RunInfo<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::after_run`](super::Hook::after_run).
    fn after_run(&self, run: &RunInfo<'_>, end: &RunEnd<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::before_node`](super::Hook::before_node). The node fails with the error that it yields.
    fn before_node(&self, node: &NodeEvent<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::after_node`](super::Hook::after_node).
    fn after_node(
        &self,
        node: &NodeEvent<'_>,
        outcome: Result<(), &NodeError>,
    ) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::before_block`](super::Hook::before_block).
    fn before_block(&self, block: &BlockEvent<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::after_block`](super::Hook::after_block).
    fn after_block(
        &self,
        block: &BlockEvent<'_>,
        outcome: Result<(), &NodeError>,
    ) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::before_item`](super::Hook::before_item).
    fn before_item(&self, item: &ItemEvent<'_>) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::after_item`](super::Hook::after_item).
    fn after_item(
        &self,
        item: &ItemEvent<'_>,
        outcome: Result<(), &NodeError>,
    ) -> impl Future<Output = HookResult> + Send {
        ready(Ok(()))
    }

    /// See [`Hook::message`](super::Hook::message).
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn message(&self, message: &Message<'_>) -> HookResult {
        Ok(())
    }

    /// See [`Hook::progress`](super::Hook::progress).
    ///
    /// # Errors
    /// The run goes on, and reports them.
    fn progress(&self, progress: &Progress<'_>) -> HookResult {
        Ok(())
    }
}

macro_rules! shared_hook {
    (
        now { $($now:ident($($now_arg:ident: $now_ty:ty),*) -> $returns:ty;)* }
        awaited { $($name:ident($($arg:ident: $ty:ty),*);)* }
    ) => {
        /// One hook for several drivers, or that is looked at afterwards.
        impl<H: AsyncHook> AsyncHook for Arc<H> {
            $(fn $now(&self, $($now_arg: $now_ty),*) -> $returns {
                (**self).$now($($now_arg),*)
            })*

            $(fn $name(&self, $($arg: $ty),*) -> impl Future<Output = HookResult> + Send {
                (**self).$name($($arg),*)
            })*
        }
    };
}
shared_hook! {
    now {
        listens() -> Points;
        layer() -> Option<Arc<dyn Layer>>;
        node_built(node: GraphNode<'_>) -> HookResult;
        graph_built(graph: &Graph) -> HookResult;
        message(message: &Message<'_>) -> HookResult;
        progress(progress: &Progress<'_>) -> HookResult;
    }
    awaited {
        check_inputs(run: &RunInfo<'_>);
        before_run(run: &RunInfo<'_>);
        after_run(run: &RunInfo<'_>, end: &RunEnd<'_>);
        before_node(node: &NodeEvent<'_>);
        after_node(node: &NodeEvent<'_>, outcome: Result<(), &NodeError>);
        before_block(block: &BlockEvent<'_>);
        after_block(block: &BlockEvent<'_>, outcome: Result<(), &NodeError>);
        before_item(item: &ItemEvent<'_>);
        after_item(item: &ItemEvent<'_>, outcome: Result<(), &NodeError>);
    }
}
