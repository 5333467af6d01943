//! What generated code names. It changes with the macros, and nobody else may rely on it.

pub use std::any::TypeId;
pub use std::convert::Infallible;
pub use std::time::Duration;
// A user's module may have a `Some` of its own.
pub use std::option::Option::{self, None, Some};

pub use futures_util::future::maybe_done;

pub use crate::block::{Collect, Parallelizable};
pub use crate::context::{Metadata, NodeContext};
pub use crate::descriptor::{
    Binding, Fallback, FlowNode, FlowTable, Home, InputDefault, NONE, NodeDescriptor, Place, Recovery, Role,
    Source, Tag, Takes, TypesOf, Variant,
};
pub use crate::driver::{InputValues, IntoInputs, driver};
pub use crate::edge;
pub use crate::edge::never;
pub use crate::entry::{EntryError, failed, failed_variant, items, next_item};
pub use crate::error::NodeError;
pub use crate::fit::{OfMap, fit, given, made};
pub use crate::memory::*;
pub use crate::node::{Fallible, Flow, InBlock, Member, Node, NodeFault, NodeValue, Outside, types_of};
pub use crate::run::Pace;
pub use crate::value_type;
pub use crate::value_type::{Abilities, ValueType, probe};
pub use crate::{Dataflow, DriverBuilder};

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::MaybeDone;

/// The type of a node's value.
pub type Out<N> = <N as Node>::Output;

/// The members of a group.
pub fn list<E, const N: usize>(members: [E; N]) -> Vec<E> {
    Vec::from(members)
}

/// The members of a group by name.
pub fn map<E, const N: usize>(members: [(&'static str, E); N]) -> BTreeMap<&'static str, E> {
    BTreeMap::from(members)
}

/// Polls one of several futures that are awaited together; says whether it is over.
pub fn is_over<F: Future>(future: &mut Pin<&mut MaybeDone<F>>, context: &mut Context<'_>) -> bool {
    future.as_mut().poll(context).is_ready()
}

/// Waits until all are over that are polled.
pub fn all<const N: usize>(mut poll: impl FnMut(&mut Context<'_>) -> [bool; N]) -> impl Future<Output = ()> {
    poll_fn(move |context| if poll(context).contains(&false) { Poll::Pending } else { Poll::Ready(()) })
}

/// What has come of a future that is over.
#[must_use]
pub fn output<F: Future>(future: Pin<&mut MaybeDone<F>>) -> F::Output {
    future.take_output().unwrap_or_else(never)
}

/// The second step of a dataflow that includes others.
pub use millstream_macros::__compose as compose;

/// The error of a node whose variants fail in different ways.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;
