//! What a node's function is called with, and what it gives back.

use std::cell::Cell;

use crate::fault::{Fault, refuse};
use crate::node::{Node, NodeFault, NodeValue};
use crate::value::Value;

/// The values a node needs, in the order of its slots.
///
/// A slot is a parameter that is fed by a node or an input; a group has a slot for each member, except a group
/// by tag of a free-standing node, whose members are known only when the graph is: it is one slot.
pub struct Frame<'f> {
    args: &'f [Arg],
    /// Where each slot begins, if not each of them has exactly one argument.
    starts: Option<&'f [u32]>,
    /// The names of the arguments, asked for only by groups that are maps.
    names: &'f dyn Fn(usize) -> &'f str,
}

/// One argument as the engine hands it over.
#[derive(Default)]
pub(crate) enum Arg {
    /// An optional need that nothing feeds.
    #[default]
    Absent,
    /// To be looked at, or cloned where it is taken by value.
    Shared(Value),
    /// To be moved out: this is its last use.
    Moved(Cell<Option<Value>>),
}

/// What came of calling a node.
#[derive(Debug)]
pub struct Outcome(pub(crate) Result<Option<Value>, Fault>);

impl<'f> Frame<'f> {
    pub(crate) fn new(
        args: &'f [Arg],
        starts: Option<&'f [u32]>,
        names: &'f dyn Fn(usize) -> &'f str,
    ) -> Self {
        Self { args, starts, names }
    }

    /// The value of slot `k`, borrowed.
    #[must_use]
    pub fn borrow<N: Node>(&self, k: usize) -> &N::Output {
        self.borrow_as(k)
    }

    /// The value of slot `k`, moved out where this is its last use, else cloned.
    #[must_use]
    pub fn take<N: Node>(&self, k: usize) -> N::Output {
        self.take_as(k)
    }

    /// The value of slot `k`, borrowed, if there is one.
    #[must_use]
    pub fn supplied<N: Node>(&self, k: usize) -> Option<&N::Output> {
        self.supplied_as(k)
    }

    /// The value of slot `k`, moved or cloned, if there is one.
    #[must_use]
    pub fn take_supplied<N: Node>(&self, k: usize) -> Option<N::Output> {
        self.take_supplied_as(k)
    }

    /// [`borrow`](Self::borrow) by type.
    #[must_use]
    pub fn borrow_as<T: NodeValue>(&self, k: usize) -> &T {
        self.supplied_as(k).unwrap_or_else(|| refuse(&format!("slot {k} is empty")))
    }

    /// [`take`](Self::take) by type.
    #[must_use]
    pub fn take_as<T: NodeValue>(&self, k: usize) -> T {
        self.take_supplied_as(k).unwrap_or_else(|| refuse(&format!("slot {k} is empty")))
    }

    /// [`supplied`](Self::supplied) by type.
    #[must_use]
    pub fn supplied_as<T: NodeValue>(&self, k: usize) -> Option<&T> {
        look::<T>(self.arg(k))
    }

    /// [`take_supplied`](Self::take_supplied) by type.
    #[must_use]
    pub fn take_supplied_as<T: NodeValue>(&self, k: usize) -> Option<T> {
        match self.arg(k) {
            Arg::Absent => None,
            Arg::Shared(value) => Some(cloned(value)),
            Arg::Moved(cell) => cell.take().map(moved),
        }
    }

    /// All members of the group that is slot `k`, in order.
    #[must_use]
    pub fn group_as<T: NodeValue>(&self, k: usize) -> Vec<&T> {
        self.members(k).filter_map(|index| look(&self.args[index])).collect()
    }

    /// All members of the group that is slot `k`, by name.
    #[must_use]
    pub fn group_map_as<T: NodeValue>(&self, k: usize) -> std::collections::BTreeMap<&str, &T> {
        self.members(k)
            .filter_map(|index| look(&self.args[index]).map(|value| ((self.names)(index), value)))
            .collect()
    }

    /// The node yields `value`.
    #[must_use]
    pub fn finish<N: Node>(&self, value: N::Output) -> Outcome {
        Outcome(Ok(Some(Value::new::<N>(value))))
    }

    /// The node yields a value, or fails.
    #[must_use]
    pub fn finish_result<N: Node>(&self, result: Result<N::Output, N::Error>) -> Outcome {
        match result {
            Ok(value) => self.finish::<N>(value),
            Err(error) => Outcome(Err(Fault::Error(error.into_fault()))),
        }
    }

    fn arg(&self, k: usize) -> &Arg {
        match self.members(k).next() {
            Some(index) => &self.args[index],
            None => refuse(&format!("slot {k} does not exist")),
        }
    }

    fn members(&self, k: usize) -> std::ops::Range<usize> {
        let end = self.args.len();
        match self.starts {
            None if k < end => k..k + 1,
            None => end..end,
            Some(starts) => {
                let at = |k: usize| starts.get(k).map_or(end, |start| *start as usize);
                at(k)..at(k + 1)
            }
        }
    }
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} arguments)", self.args.len())
    }
}

fn look<T: NodeValue>(arg: &Arg) -> Option<&T> {
    match arg {
        Arg::Absent => None,
        Arg::Shared(value) => Some(value.get().unwrap_or_else(|| wrong_type::<T>(value))),
        Arg::Moved(_) => refuse("a value that is passed on by value was asked for by reference"),
    }
}

fn cloned<T: NodeValue>(value: &Value) -> T {
    let Some(clone) = value.value_type().clone else {
        refuse(&format!("a `{}` cannot be cloned", value.value_type().text()))
    };
    moved(clone(value))
}

fn moved<T: NodeValue>(value: Value) -> T {
    value.into_inner().unwrap_or_else(|value| wrong_type::<T>(&value))
}

#[cold]
fn wrong_type<T>(value: &Value) -> ! {
    let expected = crate::value_type::short_name(std::any::type_name::<T>());
    refuse(&format!("it needs a `{expected}`, but was given a `{}`", value.value_type().text()))
}
