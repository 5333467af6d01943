//! A value on its way from the node that yields it to those that need it.

use std::any::Any;
use std::fmt;

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
        let problem = match self.ty.json(&*self.any) {
            Some(Ok(json)) => return Ok(json),
            Some(Err(error)) => error.to_string(),
            None => format!(
                "`{0}` does not implement `Serialize`; derive `serde::Serialize` for `{0}`",
                self.ty.text()
            ),
        };
        Err(Error::one(ErrorKind::Result, problem))
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
