//! What is known of the type of a node's value: its name, its identity, and what it can do.

use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use crate::node::NodeValue;
use crate::value::Value;

/// Writes a value of the type as JSON.
type ToJson = fn(&Value) -> Result<serde_json::Value, serde_json::Error>;

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
    #[doc(hidden)]
    pub written: &'static str,
    #[doc(hidden)]
    pub name: fn() -> &'static str,
    #[doc(hidden)]
    pub id: fn() -> TypeId,
    #[doc(hidden)]
    pub clone: Option<fn(&Value) -> Value>,
    #[doc(hidden)]
    pub debug: Option<fn(&Value, &mut fmt::Formatter<'_>) -> fmt::Result>,
    #[doc(hidden)]
    pub json: Option<ToJson>,
}

impl ValueType {
    /// The type as its author wrote it, or else its name without the paths.
    ///
    /// ```
    /// assert_eq!(millstream::value_type!(Option<f64>).text(), "Option<f64>");
    /// ```
    #[must_use]
    pub fn text(&self) -> String {
        if self.written.is_empty() { short_name((self.name)()) } else { self.written.to_owned() }
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
        (self.id)()
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

    /// Whether a value of the type can be shown by its `Debug`.
    ///
    /// ```
    /// assert!(millstream::value_type!(f64).can_debug());
    /// ```
    #[must_use]
    pub fn can_debug(&self) -> bool {
        self.debug.is_some()
    }

    /// Whether a value of the type can be serialised.
    ///
    /// ```
    /// assert!(millstream::value_type!(Vec<String>).can_serialize());
    /// ```
    #[must_use]
    pub fn can_serialize(&self) -> bool {
        self.json.is_some()
    }
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
        use $crate::__private::probe::{NoClone as _, NoDebug as _, NoJson as _};
        const TYPE: &$crate::__private::ValueType = &$crate::__private::ValueType {
            written: $text,
            name: $crate::__private::probe::name::<$type>,
            id: $crate::__private::probe::id::<$type>,
            clone: <$crate::__private::probe::Probe<$type>>::CLONE,
            debug: <$crate::__private::probe::Probe<$type>>::DEBUG,
            json: <$crate::__private::probe::Probe<$type>>::JSON,
        };
        TYPE
    }};
}

/// The type of a value where all that is known of it is that it can be one.
pub(crate) struct Plain<T>(PhantomData<T>);

impl<T: NodeValue> Plain<T> {
    pub(crate) const TYPE: &'static ValueType = &ValueType {
        written: "",
        name: probe::name::<T>,
        id: probe::id::<T>,
        clone: None,
        debug: None,
        json: None,
    };
}

/// The same where it is known that the type can be cloned.
pub(crate) struct Cloneable<T>(PhantomData<T>);

impl<T: NodeValue + Clone> Cloneable<T> {
    pub(crate) const TYPE: &'static ValueType =
        &ValueType { clone: probe::Probe::<T>::CLONE, ..*Plain::<T>::TYPE };
}

/// What `value_type!` asks a type: an inherent constant answers where the type has the ability, and hides the
/// constant of the same name of a trait, which answers for all others.
#[allow(missing_docs, reason = "only `value_type!` may name these")]
pub mod probe {
    use super::{NodeValue, Serialize, ToJson, TypeId, Value, fmt, type_name};
    use std::marker::PhantomData;

    pub struct Probe<T: ?Sized>(PhantomData<T>);

    #[must_use]
    pub fn name<T: ?Sized>() -> &'static str {
        type_name::<T>()
    }

    #[must_use]
    pub fn id<T: ?Sized + 'static>() -> TypeId {
        TypeId::of::<T>()
    }

    impl<T: NodeValue + Clone> Probe<T> {
        pub const CLONE: Option<fn(&Value) -> Value> = Some(|value| match value.get::<T>() {
            Some(typed) => Value::of(typed.clone(), value.value_type()),
            None => value.share(),
        });
    }

    impl<T: NodeValue + fmt::Debug> Probe<T> {
        pub const DEBUG: Option<fn(&Value, &mut fmt::Formatter<'_>) -> fmt::Result> =
            Some(|value, f| value.get::<T>().map_or(Ok(()), |typed| typed.fmt(f)));
    }

    impl<T: NodeValue + Serialize> Probe<T> {
        pub const JSON: Option<ToJson> = Some(|value| serde_json::to_value(value.get::<T>()));
    }

    pub trait NoClone {
        const CLONE: Option<fn(&Value) -> Value> = None;
    }
    impl<T: ?Sized> NoClone for Probe<T> {}

    pub trait NoDebug {
        const DEBUG: Option<fn(&Value, &mut fmt::Formatter<'_>) -> fmt::Result> = None;
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
