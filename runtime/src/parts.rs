//! Taking the value of a node apart.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash};

use crate::fault::{Fault, drop_guarded, refuse};
use crate::frame::Outcome;
use crate::node::{Node, NodeValue};
use crate::value::Value;

/// The value of a node, and the parts to be made of it.
pub struct Parts<'p> {
    whole: Cell<Option<Value>>,
    /// Which parts somebody needs.
    wanted: &'p [bool],
    /// The parts' names, where they are found by name and not by position.
    names: Option<&'p [&'p str]>,
    made: RefCell<Vec<Option<Value>>>,
    fault: Cell<Option<Fault>>,
}

impl<'p> Parts<'p> {
    pub(crate) fn new(whole: Value, wanted: &'p [bool], names: Option<&'p [&'p str]>) -> Self {
        Self {
            whole: Cell::new(Some(whole)),
            wanted,
            names,
            made: RefCell::new(wanted.iter().map(|_| None).collect()),
            fault: Cell::new(None),
        }
    }

    pub(crate) fn into_made(self) -> Vec<Option<Value>> {
        self.made.take()
    }

    /// The value to be taken apart.
    #[must_use]
    pub fn whole<N: Node>(&self) -> N::Output {
        self.whole_as()
    }

    pub(crate) fn whole_as<T: NodeValue>(&self) -> T {
        self.whole
            .take()
            .and_then(|whole| whole.into_inner().ok())
            .unwrap_or_else(|| refuse("the value to be taken apart is of another type"))
    }

    /// Part `k` is `value`.
    pub fn set<N: Node>(&self, k: usize, value: N::Output) {
        if let Some(position) = self.wanted_position::<N>(k) {
            self.put(position, Value::new::<N>(value));
        }
    }

    /// Part `k` is what `map` has under `key`; without it the node fails.
    pub fn key<N: Node, M: Keyed<N::Output>>(&self, k: usize, map: &mut M, key: &str) {
        let Some(position) = self.wanted_position::<N>(k) else { return };
        if let Some(value) = map.take_key(key) {
            self.put(position, Value::new::<N>(value));
        } else {
            let missing = MissingKey { key: key.to_owned(), keys: map.all_keys() };
            self.fault.set(Some(Fault::Error(Box::new(missing))));
        }
    }

    /// All parts are made.
    #[must_use]
    pub fn done(&self) -> Outcome {
        Outcome(self.fault.take().map_or(Ok(None), Err))
    }

    fn wanted_position<N: Node>(&self, k: usize) -> Option<usize> {
        let position = match self.names {
            None => k,
            Some(names) => names.iter().position(|name| *name == N::DESCRIPTOR.name)?,
        };
        self.wants(position).then_some(position)
    }

    pub(crate) fn wants(&self, position: usize) -> bool {
        self.wanted.get(position).copied().unwrap_or(false)
    }

    pub(crate) fn put(&self, position: usize, value: Value) {
        if let Some(slot) = self.made.borrow_mut().get_mut(position) {
            *slot = Some(value);
        }
    }
}

/// What is left where taking apart has failed is dropped one by one: a second `drop` that panics while the first
/// unwinds would be the end of the process.
impl Drop for Parts<'_> {
    fn drop(&mut self) {
        for value in self.made.take().into_iter().chain([self.whole.take()]).flatten() {
            let _ = drop_guarded(value);
        }
    }
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({})", self.wanted.len())
    }
}

/// A map whose values can be parts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a map with strings for keys and `{V}` for values",
    label = "not such a map",
    note = "fields are extracted by key from a `HashMap` or a `BTreeMap` whose keys are strings"
)]
pub trait Keyed<V> {
    /// Takes out what `key` has.
    fn take_key(&mut self, key: &str) -> Option<V>;
    /// The keys there are, in order.
    fn all_keys(&self) -> Vec<String>;
}

impl<K: Borrow<str> + Eq + Hash, V, S: BuildHasher> Keyed<V> for HashMap<K, V, S> {
    fn take_key(&mut self, key: &str) -> Option<V> {
        self.remove(key)
    }

    fn all_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.keys().map(|key| key.borrow().to_owned()).collect();
        keys.sort_unstable();
        keys
    }
}

impl<K: Borrow<str> + Ord, V> Keyed<V> for BTreeMap<K, V> {
    fn take_key(&mut self, key: &str) -> Option<V> {
        self.remove(key)
    }

    fn all_keys(&self) -> Vec<String> {
        self.keys().map(|key| key.borrow().to_owned()).collect()
    }
}

/// A part that the map of a node does not have.
#[derive(Debug)]
struct MissingKey {
    key: String,
    keys: Vec<String>,
}

impl fmt::Display for MissingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its value has no key `{}`; ", self.key)?;
        if self.keys.is_empty() {
            return f.write_str("it has no keys at all");
        }
        let keys: Vec<String> = self.keys.iter().map(|key| format!("`{key}`")).collect();
        write!(f, "it has {}", keys.join(", "))
    }
}

impl std::error::Error for MissingKey {}
