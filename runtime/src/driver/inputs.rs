//! Values for inputs, by type and by name.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::node::{Member, NodeValue, Whole};
use crate::value::Value;
use crate::value_type::Plain;

/// The values of some inputs of the dataflow `F`, as the generated code collects them.
pub struct InputValues<F> {
    pub(crate) entries: Vec<Entry>,
    flow: PhantomData<fn() -> F>,
}

/// A value, and the input or node that it is for.
pub(crate) struct Entry {
    /// Its index, or `NONE` where only the name is known.
    pub(crate) index: u32,
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: Value,
}

impl Entry {
    pub(crate) fn of<F, N: Member<F>>(value: Whole<F, N>) -> Self {
        let value = Value::of(value, Plain::<Whole<F, N>>::TYPE);
        Self { index: N::INDEX, name: N::DESCRIPTOR.name.into(), value }
    }

    pub(crate) fn named<T: NodeValue>(name: impl Into<String>, value: T) -> Self {
        let value = Value::of(value, Plain::<T>::TYPE);
        Self { index: crate::descriptor::NONE, name: Cow::Owned(name.into()), value }
    }
}

impl<F> InputValues<F> {
    /// No values yet.
    #[must_use]
    pub fn new() -> Self {
        Self { entries: Vec::new(), flow: PhantomData }
    }

    /// The same with a value for the input `N`. The last one given counts.
    #[must_use]
    pub fn with<N: Member<F>>(mut self, value: Whole<F, N>) -> Self {
        self.entries.push(Entry::of::<F, N>(value));
        self
    }
}

impl<F> Default for InputValues<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F> fmt::Debug for InputValues<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries.iter().map(|entry| (&entry.name, &entry.value))).finish()
    }
}

/// What can supply the inputs of the dataflow `F`: its `Inputs` struct, a part of it, an [`InputMap`], or `()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not supply the inputs of this dataflow",
    label = "not inputs of this dataflow",
    note = "write the dataflow's `Inputs {{ .. }}`, or `inputs()` for some of them, an `InputMap`, or `()` for none"
)]
pub trait IntoInputs<F> {
    /// The values.
    fn into_inputs(self) -> InputValues<F>;
}

impl<F> IntoInputs<F> for () {
    fn into_inputs(self) -> InputValues<F> {
        InputValues::new()
    }
}

impl<F> IntoInputs<F> for InputValues<F> {
    fn into_inputs(self) -> InputValues<F> {
        self
    }
}

impl<F> IntoInputs<F> for InputMap {
    fn into_inputs(self) -> InputValues<F> {
        InputValues { entries: self.entries, flow: PhantomData }
    }
}

/// Values for inputs by name, where the names are known only at run time. They are checked before any node runs.
///
/// ```
/// use millstream::{Graph, InputMap};
///
/// let driver = Graph::builder().input::<usize>("window").build()?.driver().build()?;
/// let run = driver.execute_named(["window"], InputMap::new().set("window", 7_usize))?;
/// assert_eq!(run.get::<usize>("window")?, &7);
///
/// let error = driver.execute_named(["window"], InputMap::new().set("window", 7_i32)).unwrap_err();
/// assert_eq!(error.to_string(), "input `window` is `usize`, but was given `i32`; give it a `usize`");
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Default)]
pub struct InputMap {
    entries: Vec<Entry>,
}

impl InputMap {
    /// No values yet.
    ///
    /// ```
    /// # use millstream::InputMap;
    /// assert_eq!(format!("{:?}", InputMap::new()), "{}");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a value for the input `name`. The last one given counts.
    ///
    /// ```
    /// # use millstream::InputMap;
    /// let inputs = InputMap::new().set("window", 7_usize).set("limit", 1.5);
    /// # let _ = inputs;
    /// ```
    #[must_use]
    pub fn set<T: NodeValue>(mut self, name: impl Into<String>, value: T) -> Self {
        self.entries.push(Entry::named(name, value));
        self
    }

    pub(crate) fn of(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    pub(crate) fn into_entries(self) -> impl Iterator<Item = Entry> {
        self.entries.into_iter()
    }
}

impl fmt::Debug for InputMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries.iter().map(|entry| (&entry.name, &entry.value))).finish()
    }
}
