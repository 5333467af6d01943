//! Hooks of both kinds, as whoever tells them something sees them.

use std::future::Future;
use std::pin::Pin;

use crate::error::NodeError;
use crate::graph::{Graph, GraphNode};

use super::{
    AsyncHook, BlockEvent, Hook, HookResult, ItemEvent, Message, NodeEvent, Points, Progress, RunEnd, RunInfo,
};

/// What a hook says to something: at once, or when that was awaited.
pub(super) enum Answer<'f> {
    Now(HookResult),
    Later(Pin<Box<dyn Future<Output = HookResult> + Send + 'f>>),
}

/// A hook that may have to be awaited.
pub(super) struct Awaited<H>(pub(super) H);

/// A hook that need not.
pub(super) struct Plain<H>(pub(super) H);

macro_rules! listener {
    (
        now { $($now:ident($($now_arg:ident: $now_ty:ty),*);)* }
        answered { $($name:ident($($arg:ident: $ty:ty),*);)* }
    ) => {
        /// A hook of either kind.
        pub(super) trait Listener: Send + Sync {
            /// Whether it may have to be awaited.
            fn waits(&self) -> bool;
            /// The points it is told of.
            fn listens(&self) -> Points;
            $(fn $now<'f>(&'f self, $($now_arg: $now_ty),*) -> Answer<'f>;)*
            $(fn $name<'f>(&'f self, $($arg: $ty),*) -> Answer<'f>;)*
        }

        impl<H: Hook> Listener for Plain<H> {
            fn waits(&self) -> bool {
                false
            }

            fn listens(&self) -> Points {
                self.0.listens()
            }

            $(fn $now<'f>(&'f self, $($now_arg: $now_ty),*) -> Answer<'f> {
                Answer::Now(self.0.$now($($now_arg),*))
            })*

            $(fn $name<'f>(&'f self, $($arg: $ty),*) -> Answer<'f> {
                Answer::Now(self.0.$name($($arg),*))
            })*
        }

        impl<H: AsyncHook> Listener for Awaited<H> {
            fn waits(&self) -> bool {
                true
            }

            fn listens(&self) -> Points {
                self.0.listens()
            }

            $(fn $now<'f>(&'f self, $($now_arg: $now_ty),*) -> Answer<'f> {
                Answer::Now(self.0.$now($($now_arg),*))
            })*

            $(fn $name<'f>(&'f self, $($arg: $ty),*) -> Answer<'f> {
                Answer::Later(Box::pin(self.0.$name($($arg),*)))
            })*
        }
    };
}
listener! {
    now {
        node_built(node: GraphNode<'_>);
        graph_built(graph: &Graph);
        message(message: &Message<'_>);
        progress(progress: &Progress<'_>);
    }
    answered {
        check_inputs(run: &'f RunInfo<'f>);
        before_run(run: &'f RunInfo<'f>);
        after_run(run: &'f RunInfo<'f>, end: &'f RunEnd<'f>);
        before_node(node: &'f NodeEvent<'f>);
        after_node(node: &'f NodeEvent<'f>, outcome: Result<(), &'f NodeError>);
        before_block(block: &'f BlockEvent<'f>);
        after_block(block: &'f BlockEvent<'f>, outcome: Result<(), &'f NodeError>);
        before_item(item: &'f ItemEvent<'f>);
        after_item(item: &'f ItemEvent<'f>, outcome: Result<(), &'f NodeError>);
    }
}
