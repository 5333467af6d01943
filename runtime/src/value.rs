//! A value on its way from the node that yields it to those that need it.

use std::any::Any;
use std::fmt;

use crate::context::Notes;
use crate::error::{Error, ErrorKind};
use crate::memory::Boxed;
use crate::node::NodeValue;
use crate::value_type::ValueType;

/// The value of a node, of a type that has to be known to get at it.
///
/// How it is kept is the engine's business. The results of a run by name are such values.
///
/// ```
/// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
/// let mut map = driver.execute_named(["a"], ())?.into_map();
/// let value = map.remove("a").unwrap();
/// assert_eq!(value.value_type().text(), "f64");
/// assert_eq!(value.downcast::<f64>().unwrap(), 1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
pub struct Value {
    any: Boxed,
    ty: &'static ValueType,
}

impl Value {
    pub(crate) fn of<T: NodeValue>(value: T, ty: &'static ValueType) -> Self {
        Self { any: value.erase(), ty }
    }

    /// Its type, and what that can do.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// # let map = driver.execute_named(["a"], ())?.into_map();
    /// assert!(map["a"].value_type().can_serialize());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn value_type(&self) -> &'static ValueType {
        self.ty
    }

    /// The value borrowed, if it is a `T`.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// # let map = driver.execute_named(["a"], ())?.into_map();
    /// assert_eq!(map["a"].downcast_ref::<f64>(), Some(&1.5));
    /// assert_eq!(map["a"].downcast_ref::<f32>(), None);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn downcast_ref<T: NodeValue>(&self) -> Option<&T> {
        self.get()
    }

    /// The value itself.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// # let mut map = driver.execute_named(["a"], ())?.into_map();
    /// assert_eq!(map.remove("a").unwrap().downcast::<f64>().unwrap(), 1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Gives itself back where it is not a `T`.
    pub fn downcast<T: NodeValue>(self) -> Result<T, Self> {
        self.into_inner()
    }

    /// The value as JSON.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// # let map = driver.execute_named(["a"], ())?.into_map();
    /// assert_eq!(map["a"].to_json().unwrap(), 1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where its type does not implement `serde::Serialize`, as far as is known, or where that fails.
    pub fn to_json(&self) -> Result<serde_json::Value, Error> {
        to_json(&*self.any, self.ty)
    }

    pub(crate) fn get<T: Any>(&self) -> Option<&T> {
        self.any.downcast_ref()
    }

    /// The value itself, moved out.
    ///
    /// # Errors
    /// Gives itself back where it is not a `T`.
    pub(crate) fn into_inner<T: NodeValue>(self) -> Result<T, Self> {
        let ty = self.ty;
        T::restore(self.any).map_err(|any| Self { any, ty })
    }

    pub(crate) fn into_parts(self) -> (Boxed, &'static ValueType) {
        (self.any, self.ty)
    }

    pub(crate) fn from_parts(any: Boxed, ty: &'static ValueType) -> Self {
        Self { any, ty }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.debug(&*self.any, f)
    }
}

/// A value that is looked at where it is, of a type that has to be known to get at it. `Debug` shows the value, or says
/// of which type it is.
///
/// ```
/// use millstream::{Graph, Hook, HookResult, NodeError, NodeEvent};
///
/// struct Check;
/// impl Hook for Check {
///     fn after_node(&self, node: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
///         let value = node.output().ok_or("it has no value")?;
///         assert_eq!((value.downcast_ref::<f64>(), value.value_type().text()), (Some(&1.5), "f64".to_owned()));
///         assert_eq!((format!("{value:?}"), value.to_json()?.to_string()), ("1.5".to_owned(), "1.5".to_owned()));
///         Ok(())
///     }
/// }
///
/// let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().hook(Check).build()?;
/// assert!(driver.execute_named(["a"], ())?.report().hook_errors().is_empty());
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct ValueView<'v> {
    any: &'v (dyn Any + Send + Sync),
    ty: &'static ValueType,
}

impl<'v> ValueView<'v> {
    pub(crate) fn new(any: &'v (dyn Any + Send + Sync), ty: &'static ValueType) -> Self {
        Self { any, ty }
    }

    /// Its type, and what that can do.
    #[must_use]
    pub fn value_type(self) -> &'static ValueType {
        self.ty
    }

    /// The value, if it is a `T`.
    #[must_use]
    pub fn downcast_ref<T: NodeValue>(self) -> Option<&'v T> {
        self.any.downcast_ref()
    }

    /// The value, whatever it is.
    #[must_use]
    pub fn as_any(self) -> &'v (dyn Any + Send + Sync) {
        self.any
    }

    /// The value as JSON.
    ///
    /// # Errors
    /// Where its type does not implement `serde::Serialize`, as far as is known, or where that fails.
    pub fn to_json(self) -> Result<serde_json::Value, Error> {
        to_json(self.any, self.ty)
    }

    pub(crate) fn is_notes(self) -> bool {
        self.any.is::<Notes>()
    }
}

impl fmt::Debug for ValueView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.debug(self.any, f)
    }
}

fn to_json(value: &dyn Any, ty: &'static ValueType) -> Result<serde_json::Value, Error> {
    let problem = match ty.json(value) {
        Some(Ok(json)) => return Ok(json),
        Some(Err(error)) => error.to_string(),
        None if ty.is_written() => {
            format!("`{}` does not implement `Serialize`; {}", ty.text(), ty.how_to_serialize())
        }
        None => format!("`{}` is not known to implement `Serialize`; {}", ty.text(), ty.how_to_serialize()),
    };
    Err(Error::one(ErrorKind::Result, problem))
}
