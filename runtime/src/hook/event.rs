//! What those who listen are told.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use crate::context::{Here, Level, Metadata, RunId};
use crate::error::Error;
use crate::graph::{Graph, GraphNode};
use crate::memory::{Claimed, Still};
use crate::run::{Log, Report};

pub use crate::value::ValueView;

use super::Live;

/// A run, as hooks see it.
///
/// ```
/// use millstream::{Graph, Hook, HookResult, RunInfo};
///
/// struct Check;
/// impl Hook for Check {
///     fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
///         assert_eq!((run.graph().name(), run.parent(), run.root()), ("small", None, run.id()));
///         assert_eq!((run.outputs(), run.given(), run.nodes()), (vec!["b"], vec!["a"], vec!["b"]));
///         assert_eq!(run.inputs().map(|(name, value)| format!("{name} = {value:?}")).collect::<Vec<_>>(), ["a = 1"]);
///         Ok(())
///     }
/// }
///
/// let graph = Graph::builder().name("small").input::<i32>("a").function("b", ["a"], |a: &i32| a + 1).build()?;
/// let run = graph.driver().hook(Check).build()?.execute_named(["b"], millstream::InputMap::new().set("a", 1))?;
/// assert!(run.report().hook_errors().is_empty());
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RunInfo<'r> {
    live: &'r Live,
    instance: Option<Still<'r>>,
}

impl<'r> RunInfo<'r> {
    pub(crate) fn new(live: &'r Live) -> Self {
        Self { live, instance: None }
    }

    pub(crate) fn beginning(live: &'r Live, instance: Still<'r>) -> Self {
        Self { live, instance: Some(instance) }
    }

    /// What it is called.
    #[must_use]
    pub fn id(self) -> RunId {
        self.live.line().id()
    }

    /// The run that it is a part of: that of a [`Chain`](crate::Chain), or the one of a node that has begun it.
    #[must_use]
    pub fn parent(self) -> Option<RunId> {
        self.live.line().parent()
    }

    /// The run that all this is a part of: its parent's parent, and so on.
    #[must_use]
    pub fn root(self) -> RunId {
        self.live.line().root()
    }

    /// The graph that is run.
    #[must_use]
    pub fn graph(self) -> &'r Graph {
        self.live.graph()
    }

    /// What is asked for.
    #[must_use]
    pub fn outputs(self) -> Vec<&'r str> {
        self.names(&self.live.plan().key.outputs)
    }

    /// The inputs and nodes that the caller has given values for.
    #[must_use]
    pub fn given(self) -> Vec<&'r str> {
        self.names(&self.live.plan().key.given)
    }

    /// The nodes that are called, in the order in which they run one after another. What is in dynamic blocks is not
    /// among them.
    #[must_use]
    pub fn nodes(self) -> Vec<&'r str> {
        self.names(&self.live.plan().program.called().collect::<Vec<_>>())
    }

    /// The values that the caller has given, as far as they are needed; in `check_inputs` and `before_run` alone.
    pub fn inputs(self) -> impl Iterator<Item = (&'r str, ValueView<'r>)> {
        let plan = self.live.plan();
        let slots = plan.inputs.iter().flatten().copied();
        let values = self.instance.into_iter().flat_map(move |instance| {
            slots.clone().filter_map(move |slot| Some((slot, instance.peek(slot)?)))
        });
        self.live.named(&plan.nodes, values)
    }

    /// Says something of a node or an input outside of its call.
    pub(crate) fn log(self, node: GraphNode<'_>, level: Level, text: &dyn fmt::Display) {
        let here = Here::default();
        self.live.said(&Message { live: self.live, here: &here, node: node.index(), level, text });
    }

    fn names(self, nodes: &[u32]) -> Vec<&'r str> {
        nodes.iter().map(|node| self.live.graph().data().name(*node)).collect()
    }
}

impl fmt::Debug for RunInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunInfo")
            .field("id", &self.id())
            .field("parent", &self.parent())
            .field("graph", &self.graph().name())
            .field("outputs", &self.outputs())
            .finish()
    }
}

/// How a run has ended.
///
/// ```
/// use millstream::{Graph, Hook, HookResult, RunEnd, RunInfo};
///
/// struct Check;
/// impl Hook for Check {
///     fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
///         assert!(end.error().is_none() && end.report().is_complete() && end.took().is_none());
///         let outputs: Vec<String> = end.outputs().map(|(name, value)| format!("{name} = {value:?}")).collect();
///         assert_eq!(outputs, ["a = 1"]);
///         Ok(())
///     }
/// }
///
/// let driver = Graph::builder().function("a", (), || 1).build()?.driver().hook(Check).build()?;
/// assert!(driver.execute_named(["a"], ())?.report().hook_errors().is_empty());
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RunEnd<'r> {
    pub(super) live: &'r Live,
    pub(super) instance: Option<Still<'r>>,
    pub(super) log: &'r Log,
    pub(super) error: Option<&'r Error>,
    pub(super) took: Option<Duration>,
}

impl<'r> RunEnd<'r> {
    /// Why it has failed, if it has.
    #[must_use]
    pub fn error(self) -> Option<&'r Error> {
        self.error
    }

    /// What became of each node.
    #[must_use]
    pub fn report(self) -> Report {
        self.log.report()
    }

    /// How long it took, if a hook asks for [times](super::Points::TIMES).
    #[must_use]
    pub fn took(self) -> Option<Duration> {
        self.took
    }

    /// What was asked for, as far as it is there.
    pub fn outputs(self) -> impl Iterator<Item = (&'r str, ValueView<'r>)> {
        let plan = self.live.plan();
        let slots = plan.outputs.iter().copied();
        let values = slots.filter_map(move |slot| Some((slot, self.instance?.peek(slot)?)));
        self.live.named(&plan.nodes, values)
    }
}

impl fmt::Debug for RunEnd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunEnd").field("error", &self.error).field("took", &self.took).finish_non_exhaustive()
    }
}

/// The call of a node, as hooks see it.
///
/// ```
/// use millstream::{Graph, Hook, HookResult, NodeError, NodeEvent, Points};
///
/// struct Check;
/// impl Hook for Check {
///     fn listens(&self) -> Points {
///         Points::NODE | Points::TIMES
///     }
///
///     fn after_node(&self, event: &NodeEvent<'_>, outcome: Result<(), &NodeError>) -> HookResult {
///         assert_eq!((event.name(), event.node().version(), event.items(), event.attempts()), ("b", 0, vec![], 1));
///         let inputs: Vec<String> = event.inputs().map(|(name, value)| format!("{name} = {value:?}")).collect();
///         assert_eq!(inputs, ["a = 1"]);
///         assert_eq!(event.output().unwrap().downcast_ref::<i32>(), Some(&2));
///         assert_eq!(event.outputs().count(), 1);
///         assert!(event.metadata().is_empty() && event.took().is_some() && outcome.is_ok());
///         Ok(())
///     }
/// }
///
/// let graph = Graph::builder().input_or("a", 1).function("b", ["a"], |a: &i32| a + 1).build()?;
/// let report = graph.driver().hook(Check).build()?.execute_named(["b"], ())?.report();
/// assert!(report.hook_errors().is_empty(), "{:?}", report.hook_errors());
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct NodeEvent<'e> {
    live: &'e Live,
    task: &'e Claimed<'e>,
    took: Option<Duration>,
    attempts: u32,
}

impl<'e> NodeEvent<'e> {
    pub(crate) fn new(live: &'e Live, task: &'e Claimed<'_>, took: Option<Duration>, attempts: u32) -> Self {
        Self { live, task, took, attempts }
    }

    /// The run.
    #[must_use]
    pub fn run(self) -> RunInfo<'e> {
        self.live.run()
    }

    /// The name of the node.
    #[must_use]
    pub fn name(self) -> &'e str {
        self.live.graph().data().name(self.task.label().node)
    }

    /// The node: its type, tags, place, documentation and all else there is to know.
    #[must_use]
    pub fn node(self) -> GraphNode<'e> {
        GraphNode::new(self.live.graph().data(), self.task.label().node)
    }

    /// In dynamic blocks the items, of the outermost block first.
    #[must_use]
    pub fn items(self) -> Vec<usize> {
        self.task.here().items()
    }

    /// What it is called with, by the names of the nodes, in the order of its parameters. What it took by value is gone
    /// once it was called.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, ValueView<'_>)> {
        self.into_inputs()
    }

    pub(crate) fn into_inputs(self) -> impl Iterator<Item = (&'e str, ValueView<'e>)> {
        let (graph, nodes) = (self.live.graph().data(), self.task.nodes());
        let providers = graph.providers(self.task.label().node);
        // Of a node that several parameters take the first counts.
        let places: HashMap<u32, usize> =
            providers.into_iter().enumerate().rev().map(|(place, node)| (node, place)).collect();
        let mut inputs: Vec<_> = self.task.inputs().collect();
        inputs.sort_by_key(|(slot, _)| places.get(&nodes[*slot as usize]).copied().unwrap_or(usize::MAX));
        self.live.named(nodes, inputs.into_iter())
    }

    /// Its value, once it was called; `None` where it failed, or only parts of it are needed.
    #[must_use]
    pub fn output(&self) -> Option<ValueView<'_>> {
        self.into_output()
    }

    pub(crate) fn into_output(self) -> Option<ValueView<'e>> {
        let name = self.name();
        self.into_outputs().find(|(of, _)| *of == name).map(|(_, value)| value)
    }

    /// Everything that came of it by name: its value, if anybody needs it as a whole, and the parts that are needed.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, ValueView<'_>)> {
        self.into_outputs()
    }

    pub(crate) fn into_outputs(self) -> impl Iterator<Item = (&'e str, ValueView<'e>)> {
        self.live.named(self.task.nodes(), self.task.outputs())
    }

    /// What it has written about itself, also where it has failed then.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        match self.task.notes() {
            Some(notes) => Metadata::of(notes.clone()),
            None => self.live.written_for(self.task.label().node, self.items()).unwrap_or_default(),
        }
    }

    pub(crate) fn log(self, level: Level, text: &dyn fmt::Display) {
        let (live, here, node) = (self.live, self.task.here(), self.task.label().node);
        live.said(&Message { live, here, node, level, text });
    }

    /// How often it was tried, once it was.
    #[must_use]
    pub fn attempts(self) -> u32 {
        self.attempts
    }

    /// How long it took, once it was called, with all its attempts and layers; if a hook asks for
    /// [times](super::Points::TIMES).
    #[must_use]
    pub fn took(self) -> Option<Duration> {
        self.took
    }
}

impl fmt::Debug for NodeEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeEvent")
            .field("name", &self.name())
            .field("items", &self.items())
            .field("took", &self.took)
            .finish_non_exhaustive()
    }
}

macro_rules! here_event {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'e> {
            pub(crate) live: &'e Live,
            pub(crate) here: &'e Here,
            pub(crate) node: u32,
            $(pub(crate) $field: $ty,)*
        }

        impl<'e> $name<'e> {
            /// The run.
            #[must_use]
            pub fn run(self) -> RunInfo<'e> {
                self.live.run()
            }

            /// The name of the node: of a block that of the one that opens it.
            #[must_use]
            pub fn name(self) -> &'e str {
                self.live.graph().data().name(self.node)
            }

            /// The node: of a block the one that opens it.
            #[must_use]
            pub fn node(self) -> GraphNode<'e> {
                GraphNode::new(self.live.graph().data(), self.node)
            }

            /// In dynamic blocks the items, of the outermost block first.
            #[must_use]
            pub fn items(self) -> Vec<usize> {
                self.here.items()
            }

            $($(#[$field_doc])*
            #[must_use]
            pub fn $field(self) -> $ty {
                self.$field
            })*
        }

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("name", &self.name())
                    .field("items", &self.items())
                    .finish_non_exhaustive()
            }
        }
    )*};
}

here_event! {
    /// A dynamic block, as hooks see it. Its `items` are those of the blocks around.
    BlockEvent {
        /// How long it took, once it has ended, if a hook asks for [times](super::Points::TIMES).
        took: Option<Duration>
    }
    /// An item of a dynamic block, as hooks see it. Its `items` are those of the blocks around, and itself.
    ItemEvent {
        /// How long it took, once it has ended, if a hook asks for [times](super::Points::TIMES).
        took: Option<Duration>
    }
    /// What a node says.
    Message {
        /// How important it is.
        level: Level,
        /// What it says.
        text: &'e dyn fmt::Display
    }
    /// How far a node has come.
    Progress {
        /// So much is done.
        done: u64,
        /// Of so much.
        total: u64
    }
}
