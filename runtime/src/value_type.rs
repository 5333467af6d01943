//! What is known of the type of a node's value: its name, its identity, and what it can do.

use std::any::{Any, TypeId, type_name};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::memory::{CloneOf, Cloner, CopyOf, Each, ListOps, Raw, SlotOf};
use crate::node::NodeValue;

/// Shows a value of the type.
type Show = fn(&dyn Any, &mut fmt::Formatter<'_>) -> fmt::Result;

/// Writes a value of the type as JSON.
type ToJson = fn(&dyn Any) -> Result<serde_json::Value, serde_json::Error>;

/// The type of a node's value, with what a value of it can do.
///
/// Nothing is asked of a type beyond [`NodeValue`]. What it can do besides is found where the type is concrete,
/// by [`value_type!`](crate::value_type), and used by the features that need it.
///
/// ```
/// use millstream::{ValueType, value_type};
///
/// static DAYS: &ValueType = value_type!(Vec<u32>);
/// assert_eq!(DAYS.text(), "Vec<u32>");
/// assert!(DAYS.can_clone());
/// ```
pub struct ValueType {
    /// The type as written; empty where nobody wrote it.
    written: &'static str,
    name: fn() -> &'static str,
    id: TypeId,
    /// What slots need of it; `None` where it cannot be the value of a node.
    raw: Option<&'static Raw>,
    lists: Option<&'static ListOps>,
    /// The same of a `Vec` of it, of a `Vec` of these, and so on, as far as that is known.
    deeper: &'static [&'static ListOps],
    /// Of a list what is in it.
    elements: Option<Elements>,
    clone: Option<Cloner>,
    copy: bool,
    debug: Option<Show>,
    json: Option<ToJson>,
}

/// What is in a list.
#[derive(Clone, Copy)]
struct Elements {
    ty: &'static ValueType,
    each: Each,
}

/// What a type can do, as [`value_type!`](crate::value_type) has found it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Abilities<T> {
    pub slot: Option<SlotOf<T>>,
    pub clone: Option<CloneOf<T>>,
    pub copy: Option<CopyOf<T>>,
    pub debug: Option<Show>,
    pub json: Option<ToJson>,
}

impl ValueType {
    #[doc(hidden)]
    #[must_use]
    pub const fn of<T: 'static>(written: &'static str, abilities: &'static Abilities<T>) -> Self {
        let clone = match &abilities.clone {
            Some(clone) => Some(Cloner::of(clone)),
            None => None,
        };
        let (raw, lists) = match &abilities.slot {
            Some(slot) => (Some(Raw::of(slot)), Some(ListOps::of_slot(slot))),
            None => (None, None),
        };
        Self {
            written,
            name: type_name::<T>,
            id: TypeId::of::<T>(),
            raw,
            lists,
            deeper: &[],
            elements: None,
            clone,
            copy: abilities.copy.is_some(),
            debug: abilities.debug,
            json: abilities.json,
        }
    }

    /// The type as its author wrote it, or else its name without the paths.
    ///
    /// ```
    /// assert_eq!(millstream::value_type!(Option<f64>).text(), "Option<f64>");
    /// ```
    #[must_use]
    pub fn text(&self) -> String {
        match self.elements {
            Some(elements) => format!("Vec<{}>", elements.ty.text()),
            None if self.written.is_empty() => short_name((self.name)()),
            None => self.written.to_owned(),
        }
    }

    /// The type's full name, as rustc gives it: for people, not for comparisons.
    ///
    /// ```
    /// assert_eq!(millstream::value_type!(Vec<f64>).full_name(), "alloc::vec::Vec<f64>");
    /// ```
    #[must_use]
    pub fn full_name(&self) -> &'static str {
        (self.name)()
    }

    /// The type's identity.
    ///
    /// ```
    /// use std::any::TypeId;
    ///
    /// assert_eq!(millstream::value_type!(f64).type_id(), TypeId::of::<f64>());
    /// ```
    #[must_use]
    pub fn type_id(&self) -> TypeId {
        self.id
    }

    /// Whether a value of the type can be cloned.
    ///
    /// ```
    /// assert!(!millstream::value_type!(std::fs::File).can_clone());
    /// ```
    #[must_use]
    pub fn can_clone(&self) -> bool {
        self.clone.is_some()
    }

    /// What to do so that values of the type can be cloned: of a list, so that its elements can.
    pub(crate) fn how_to_clone(&self) -> String {
        self.how_to_have("Clone")
    }

    /// What to do so that they can be written as JSON.
    pub(crate) fn how_to_serialize(&self) -> String {
        self.how_to_have("serde::Serialize")
    }

    fn how_to_have(&self, derived: &str) -> String {
        match self.elements {
            Some(elements) => elements.ty.how_to_have(derived),
            None if self.is_written() => format!("derive `{derived}` for `{}`", self.text()),
            None => {
                let ty = self.text();
                format!(
                    "derive `{derived}` for `{ty}` and make that known, with `value_type(value_type!({ty}))` after its node"
                )
            }
        }
    }

    /// Whether a value of the type can be shown by its `Debug`.
    ///
    /// ```
    /// assert!(millstream::value_type!(f64).can_debug());
    /// ```
    #[must_use]
    pub fn can_debug(&self) -> bool {
        self.elements.map_or(self.debug.is_some(), |elements| elements.ty.can_debug())
    }

    /// Whether a value of the type can be serialised.
    ///
    /// ```
    /// assert!(millstream::value_type!(Vec<String>).can_serialize());
    /// ```
    #[must_use]
    pub fn can_serialize(&self) -> bool {
        self.elements.map_or(self.json.is_some(), |elements| elements.ty.can_serialize())
    }

    /// Whether somebody has written it down, and so knows what it can do.
    pub(crate) fn is_written(&self) -> bool {
        !self.written.is_empty()
    }

    pub(crate) fn can_copy(&self) -> bool {
        self.copy
    }

    pub(crate) fn raw(&self) -> Option<&'static Raw> {
        self.raw
    }

    pub(crate) fn cloner(&self) -> Option<&Cloner> {
        self.clone.as_ref()
    }

    /// Shows a value of the type, or says of which type it is.
    pub(crate) fn debug(&self, value: &dyn Any, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.debug, self.elements) {
            (Some(debug), _) => debug(value, f),
            (None, Some(Elements { ty, each })) => {
                let mut list = f.debug_list();
                each(value, &mut |value| {
                    list.entry(&fmt::from_fn(|f| ty.debug(value, f)));
                });
                list.finish()
            }
            (None, None) => write!(f, "<{}>", self.text()),
        }
    }

    /// A value of the type as JSON, where it can be written.
    pub(crate) fn json(&self, value: &dyn Any) -> Option<Result<serde_json::Value, serde_json::Error>> {
        match (self.json, self.elements) {
            (Some(json), _) => Some(json(value)),
            (None, Some(Elements { ty, each })) if ty.can_serialize() => {
                let mut list = Ok(Vec::new());
                each(value, &mut |value| {
                    if let Ok(so_far) = &mut list {
                        match ty.json(value) {
                            Some(Ok(value)) => so_far.push(value),
                            Some(Err(error)) => list = Err(error),
                            None => {}
                        }
                    }
                });
                Some(list.map(serde_json::Value::Array))
            }
            (None, _) => None,
        }
    }

    /// What can be done with lists of values of the type.
    pub(crate) fn lists(&self) -> Option<&'static ListOps> {
        self.lists
    }

    /// That it is not known, and what to do about it.
    pub(crate) fn unknown_list(&self) -> String {
        let ty = self.text();
        format!(
            "the builder does not know lists of `{ty}`; say `value_type(value_type!({ty}))` after its node"
        )
    }

    /// The same type, which can do what is known of it besides.
    pub(crate) fn with_abilities(&'static self, known: &'static Self) -> &'static Self {
        interned(self, Made::Able, || Self {
            written: self.written,
            name: self.name,
            id: self.id,
            raw: self.raw,
            lists: self.lists,
            deeper: self.deeper,
            elements: self.elements,
            clone: known.clone,
            copy: known.copy,
            debug: known.debug,
            json: known.json,
        })
    }

    /// The same type, of which it is known besides what can be done with lists of lists of it: `lists` are the types of a
    /// `Vec` of it, of a `Vec` of these, and so on.
    pub(crate) fn with_lists(&'static self, lists: &[&'static Self]) -> &'static Self {
        self.with_deeper(lists.iter().filter_map(|list| list.lists).collect())
    }

    /// The same of what is known of another place where the type is named.
    pub(crate) fn with_lists_of(&'static self, other: &Self) -> &'static Self {
        if other.deeper.len() > self.deeper.len() { self.with_deeper(other.deeper.to_vec()) } else { self }
    }

    /// The same with one level more: `list` is the type of the lists of that level.
    pub(crate) fn with_list(&'static self, list: &Self) -> Option<&'static Self> {
        let levels = u32::try_from(self.deeper.len()).ok()? + 1;
        let is_next = self.lists_of(levels).is_some_and(|next| next.id == list.id);
        let deeper = self.deeper.iter().copied().chain(list.lists).collect();
        is_next.then(|| self.with_deeper(deeper))
    }

    fn with_deeper(&'static self, deeper: Vec<&'static ListOps>) -> &'static Self {
        interned(self, Made::Deep(deeper.len()), || Self { deeper: deeper.leak(), ..*self })
    }

    /// The type of lists of so many levels of values of the type; `None` where nothing is known of them.
    pub(crate) fn lists_of(&'static self, levels: u32) -> Option<&'static Self> {
        (0..levels).try_fold(self, |ty, _| ty.list())
    }

    /// The type of a list of values of the type; `None` where it is a list of lists of which no more is known.
    pub(crate) fn list(&'static self) -> Option<&'static Self> {
        let (lists, (id, raw, each)) = match self.elements {
            None => {
                let lists = self.lists?;
                (lists, (lists.vector.id, lists.vector.raw, lists.each))
            }
            Some(elements) => {
                let lists = elements.ty.lists?;
                (lists, (lists.nested.id, lists.nested.raw, lists.nested.each))
            }
        };
        Some(interned(self, Made::List, || Self {
            written: "",
            name: self.name,
            id,
            raw: Some(raw),
            lists: self.deeper.first().copied(),
            deeper: self.deeper.get(1..).unwrap_or_default(),
            elements: Some(Elements { ty: self, each }),
            clone: self.clone.as_ref().map(|clone| clone.list(lists)),
            copy: false,
            debug: None,
            json: None,
        }))
    }

    /// The type of a list of values of the type, or of the errors in their place.
    pub(crate) fn results(&'static self) -> Option<&'static Self> {
        let results = &self.lists?.results;
        Some(interned(self, Made::Results, || Self {
            written: "Vec<Result<.., NodeError>>",
            name: self.name,
            id: results.vector.id,
            raw: Some(results.vector.raw),
            lists: None,
            deeper: &[],
            elements: None,
            clone: None,
            copy: false,
            debug: None,
            json: None,
        }))
    }

    /// The type of a source of values of the type.
    pub(crate) fn source(&'static self) -> Option<&'static Self> {
        let lists = self.lists?;
        Some(interned(self, Made::Source, || Self {
            written: "Parallelizable<..>",
            name: self.name,
            id: lists.source_id,
            raw: Some(lists.source),
            lists: None,
            deeper: &[],
            elements: None,
            clone: None,
            copy: false,
            debug: None,
            json: None,
        }))
    }
}

/// What is made of a type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Able,
    Deep(usize),
    List,
    Results,
    Source,
}

/// A type that is made of another one at run time, always the same. They are as many as there are types in the
/// program, and stay.
fn interned(of: &'static ValueType, what: Made, make: impl FnOnce() -> ValueType) -> &'static ValueType {
    static KNOWN: Mutex<BTreeMap<(usize, Made), &'static ValueType>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (std::ptr::from_ref(of).addr(), what);
    known.entry(key).or_insert_with(|| Box::leak(Box::new(make())))
}

impl fmt::Debug for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ValueType({})", self.text())
    }
}

/// The [`ValueType`] of a concrete type, as a constant.
///
/// The second form gives the text by which messages call the type. What the type can do is found by the
/// compiler at the place of the call: a generic parameter can do nothing, as far as this macro sees.
///
/// ```
/// use millstream::{ValueType, value_type};
///
/// #[derive(Debug)]
/// struct Model;
///
/// const MODEL: &ValueType = value_type!(Model, "the Model");
/// assert_eq!(MODEL.text(), "the Model");
/// assert!(MODEL.can_debug() && !MODEL.can_clone());
/// ```
#[macro_export]
macro_rules! value_type {
    ($type:ty) => {
        $crate::value_type!($type, ::core::stringify!($type))
    };
    ($type:ty, $text:expr) => {{
        #[allow(unused_imports, reason = "only what the type cannot do itself is taken from these")]
        use $crate::__private::probe::{NoClone as _, NoCopy as _, NoDebug as _, NoJson as _, NoSlot as _};
        const TYPE: &$crate::__private::ValueType = &$crate::__private::ValueType::of::<$type>(
            $text,
            &$crate::__private::Abilities {
                slot: <$crate::__private::probe::Probe<$type>>::SLOT,
                clone: <$crate::__private::probe::Probe<$type>>::CLONE,
                copy: <$crate::__private::probe::Probe<$type>>::COPY,
                debug: <$crate::__private::probe::Probe<$type>>::DEBUG,
                json: <$crate::__private::probe::Probe<$type>>::JSON,
            },
        );
        TYPE
    }};
}

/// The type of a value where all that is known of it is that it can be one.
pub(crate) struct Plain<T>(PhantomData<T>);

impl<T: NodeValue> Plain<T> {
    pub(crate) const TYPE: &'static ValueType = &ValueType::of::<T>(
        "",
        &Abilities { slot: Some(SlotOf::new()), clone: None, copy: None, debug: None, json: None },
    );
}

/// The same where it is known that the type can be cloned.
pub(crate) struct Cloneable<T>(PhantomData<T>);

impl<T: NodeValue + Clone> Cloneable<T> {
    pub(crate) const TYPE: &'static ValueType = &ValueType::of::<T>(
        "",
        &Abilities {
            clone: Some(CloneOf::new()),
            slot: Some(SlotOf::new()),
            copy: None,
            debug: None,
            json: None,
        },
    );
}

/// What `value_type!` asks a type: an inherent constant answers where the type has the ability, and hides the
/// constant of the same name of a trait, which answers for all others.
#[allow(missing_docs, reason = "only `value_type!` may name these")]
pub mod probe {
    use super::{CloneOf, CopyOf, NodeValue, Serialize, Show, SlotOf, ToJson};
    use std::fmt;
    use std::marker::PhantomData;

    pub struct Probe<T: ?Sized>(PhantomData<T>);

    impl<T: NodeValue> Probe<T> {
        pub const SLOT: Option<SlotOf<T>> = Some(SlotOf::new());
    }

    impl<T: NodeValue + Clone> Probe<T> {
        pub const CLONE: Option<CloneOf<T>> = Some(CloneOf::new());
    }

    impl<T: NodeValue + Copy> Probe<T> {
        pub const COPY: Option<CopyOf<T>> = Some(CopyOf::new());
    }

    impl<T: NodeValue + fmt::Debug> Probe<T> {
        pub const DEBUG: Option<Show> =
            Some(|value, f| value.downcast_ref::<T>().map_or(Ok(()), |typed| typed.fmt(f)));
    }

    impl<T: NodeValue + Serialize> Probe<T> {
        pub const JSON: Option<ToJson> = Some(|value| serde_json::to_value(value.downcast_ref::<T>()));
    }

    pub trait NoSlot {
        type Of;
        const SLOT: Option<SlotOf<Self::Of>> = None;
    }
    impl<T> NoSlot for Probe<T> {
        type Of = T;
    }

    pub trait NoClone {
        type Of;
        const CLONE: Option<CloneOf<Self::Of>> = None;
    }
    impl<T> NoClone for Probe<T> {
        type Of = T;
    }

    pub trait NoCopy {
        type Of;
        const COPY: Option<CopyOf<Self::Of>> = None;
    }
    impl<T> NoCopy for Probe<T> {
        type Of = T;
    }

    pub trait NoDebug {
        const DEBUG: Option<Show> = None;
    }
    impl<T: ?Sized> NoDebug for Probe<T> {}

    pub trait NoJson {
        const JSON: Option<ToJson> = None;
    }
    impl<T: ?Sized> NoJson for Probe<T> {}
}

/// A type's name without the paths: `alloc::vec::Vec<f64>` is `Vec<f64>`.
pub(crate) fn short_name(full: &str) -> String {
    let mut short = String::with_capacity(full.len());
    for piece in full.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        let end = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_')).len();
        let (path, rest) = piece.split_at(end);
        short.push_str(path.rsplit("::").next().unwrap_or(path));
        short.push_str(rest);
    }
    short
}

/// The same without what is generic about it.
pub(crate) fn type_called(full: &str) -> String {
    short_name(full.split('<').next().unwrap_or(full))
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn a_short_name_has_no_paths() {
        assert_eq!(short_name("alloc::vec::Vec<(a::b::C, &str)>"), "Vec<(C, &str)>");
        assert_eq!(short_name("f64"), "f64");
        assert_eq!(short_name("dyn core::fmt::Debug + core::marker::Send"), "dyn Debug + Send");
        assert_eq!(short_name("[std::path::PathBuf; 3]"), "[PathBuf; 3]");
    }
}
