//! Taking the value of a node apart.

use std::any::TypeId;
use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use crate::fault::{Fault, guard, refuse};
use crate::node::{Node, NodeValue};
use crate::value::Value;
use crate::value_type::ValueType;

use super::call::Ended;
use super::raw::Raw;

/// The value of a node, and the parts to be made of it.
pub struct Parts<'p> {
    plan: &'p SplitPlan,
    /// Where the value is, then where the parts go; null for those that nobody needs.
    places: &'p [*mut u8],
    whole_is_left: Cell<bool>,
    made: RefCell<Vec<bool>>,
    fault: Cell<Option<Fault>>,
}

/// What came of taking a value apart.
#[derive(Debug)]
pub struct Split(Result<(), Fault>);

/// A function that takes a value apart.
pub(crate) type SplitFn = Arc<dyn Fn(&Parts<'_>) -> Split + Send + Sync>;

/// How a value is taken apart.
pub(crate) struct SplitPlan {
    split: SplitFn,
    /// The parts by position.
    names: Vec<String>,
    /// Whether the function knows the parts by their names, and not by their positions.
    by_name: bool,
    whole: Option<SlotType>,
    types: Vec<Option<SlotType>>,
}

/// The type of a slot.
type SlotType = (&'static ValueType, &'static Raw);

impl SplitPlan {
    pub(crate) fn new(split: SplitFn, names: Vec<String>, by_name: bool) -> Self {
        Self { split, names, by_name, whole: None, types: Vec::new() }
    }

    pub(super) fn of_types(self, whole: SlotType, types: Vec<Option<SlotType>>) -> Self {
        Self { whole: Some(whole), types, ..self }
    }
}

/// # Safety
/// `data` is to a [`SplitPlan`]; the first pointer is to a value of its type, which is not used afterwards, and for
/// each part that has a type there is a pointer to room for it.
pub(super) unsafe fn run_split(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let plan = unsafe { &*data.cast::<SplitPlan>() };
    // SAFETY: one for the value, one for each part.
    let places = unsafe { std::slice::from_raw_parts(at, 1 + plan.types.len()) };
    let made = vec![false; plan.types.len()];
    let parts = Parts {
        plan,
        places,
        whole_is_left: Cell::new(true),
        made: RefCell::new(made),
        fault: Cell::new(None),
    };
    let Split(result) = (plan.split)(&parts);
    match result.and_then(|()| parts.keep()) {
        Ok(()) => None,
        Err(fault) => Some(Box::new(fault)),
    }
}

impl Parts<'_> {
    /// The value to be taken apart.
    #[must_use]
    pub fn whole<N: Node>(&self) -> N::Output {
        self.whole_as()
    }

    pub(crate) fn whole_as<T: NodeValue>(&self) -> T {
        let fits = self.plan.whole.is_some_and(|(ty, _)| ty.type_id() == TypeId::of::<T>());
        if !fits || !self.whole_is_left.replace(false) {
            refuse("the value to be taken apart is of another type");
        }
        // SAFETY: it is there, of this type, and it is read once.
        unsafe { self.places[0].cast::<T>().read() }
    }

    /// Part `k` is `value`.
    pub fn set<N: Node>(&self, k: usize, value: N::Output) {
        if let Some(position) = self.wanted_position::<N>(k) {
            self.put(position, value);
        }
    }

    /// Part `k` is what `map` has under `key`; without it the node fails.
    pub fn key<N: Node, M: Keyed<N::Output>>(&self, k: usize, map: &mut M, key: &str) {
        let Some(position) = self.wanted_position::<N>(k) else { return };
        if let Some(value) = map.take_key(key) {
            self.put(position, value);
        } else {
            let missing = MissingKey { key: key.to_owned(), keys: map.all_keys() };
            self.fault.set(Some(Fault::Error(Box::new(missing))));
        }
    }

    /// All parts are made.
    #[must_use]
    pub fn done(&self) -> Split {
        Split(self.fault.take().map_or(Ok(()), Err))
    }

    fn wanted_position<N: Node>(&self, k: usize) -> Option<usize> {
        let position = if self.plan.by_name {
            self.plan.names.iter().position(|name| name == N::DESCRIPTOR.name)?
        } else {
            k
        };
        self.wants(position).then_some(position)
    }

    pub(crate) fn wants(&self, position: usize) -> bool {
        self.plan.types.get(position).is_some_and(Option::is_some)
    }

    pub(crate) fn put<T: NodeValue>(&self, position: usize, value: T) {
        let Some((ty, _)) = self.plan.types.get(position).copied().flatten() else { return };
        if ty.type_id() != TypeId::of::<T>() {
            let part = &self.plan.names[position];
            refuse(&format!("its part `{part}` is a `{}`, and not what was made", ty.text()));
        }
        if !std::mem::replace(&mut self.made.borrow_mut()[position], true) {
            // SAFETY: there is room for a value of this type, and nothing in it yet.
            unsafe { self.places[1 + position].cast::<T>().write(value) };
        }
    }

    /// The same with a value whose type is known at run time.
    pub(crate) fn put_value(&self, position: usize, value: Value) {
        let Some((ty, raw)) = self.plan.types.get(position).copied().flatten() else { return };
        let (boxed, given) = value.into_parts();
        if ty.type_id() != given.type_id() || self.made.borrow()[position] {
            let part = &self.plan.names[position];
            refuse(&format!("its part `{part}` is a `{}`, and not what was made", ty.text()));
        }
        // SAFETY: there is room for a value of this type, and nothing in it yet.
        if unsafe { raw.put(boxed, self.places[1 + position]) }.is_ok() {
            self.made.borrow_mut()[position] = true;
        }
    }

    /// Leaves the parts where they are.
    fn keep(&self) -> Result<(), Fault> {
        let wanted = |position: &usize| self.wants(*position) && !self.made.borrow()[*position];
        match (0..self.plan.types.len()).find(wanted) {
            Some(missing) => {
                Err(Fault::Misfit(format!("it has not made its part `{}`", self.plan.names[missing])))
            }
            None => {
                self.made.borrow_mut().clear();
                Ok(())
            }
        }
    }

    fn drop_at(&self, place: usize, ty: Option<SlotType>) {
        if let Some(drop) = ty.and_then(|(_, raw)| raw.drop) {
            // SAFETY: whoever calls this has found that the value is there, and will not use it.
            let _ = guard(|| unsafe { drop(self.places[place]) });
        }
    }
}

/// What is left where taking apart has failed is dropped one by one: a second `drop` that panics while the first
/// unwinds would be the end of the process.
impl Drop for Parts<'_> {
    fn drop(&mut self) {
        let made = self.made.take();
        for position in (0..made.len()).filter(|position| made[*position]) {
            self.drop_at(1 + position, self.plan.types[position]);
        }
        if self.whole_is_left.get() {
            self.drop_at(0, self.plan.whole);
        }
    }
}
impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({})", self.plan.types.len())
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
pub(crate) struct MissingKey {
    pub(crate) key: String,
    pub(crate) keys: Vec<String>,
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
