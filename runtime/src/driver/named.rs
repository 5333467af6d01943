//! Results by name.

use std::collections::BTreeMap;

use millstream_compiler::graph::did_you_mean;

use crate::error::{Error, ErrorKind, NodeError};
use crate::node::NodeValue;
use crate::value::Value;
use crate::value_type::Plain;

use super::result::Run;

/// Values by name, in the order in which they were asked for.
///
/// ```
/// use millstream::Graph;
///
/// let driver = Graph::builder().function("a", (), || 1.5).function("b", (), || 2).build()?.driver().build()?;
/// let mut values = driver.execute_named(["a", "b"], ())?.into_values();
/// assert_eq!(values.get::<i32>("b")?, &2);
/// assert_eq!(values.take::<f64>("a")?, 1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Named {
    pub(crate) entries: Vec<(String, Value)>,
    /// Those that were asked for and that the run has not come to, and why.
    pub(crate) missing: Vec<(String, NodeError)>,
}

impl Named {
    /// The names, in the order in which they were asked for.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.values().names(), ["a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.entries.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The value of a name, borrowed.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let run = driver.execute_named(["a"], ())?;
    /// assert_eq!(run.values().get::<f64>("a")?, &1.5);
    /// assert_eq!(
    ///     run.values().get::<i32>("a").unwrap_err().to_string(),
    ///     "`a` is `f64`, but was asked for as `i32`; ask for a `f64`"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such value, or it is of another type; where a node has failed that it needs, that.
    pub fn get<T: NodeValue>(&self, name: &str) -> Result<&T, Error> {
        let (_, value) = &self.entries[self.position(name)?];
        value.get().ok_or_else(|| wrong_type::<T>(name, value))
    }

    /// The value of a name, moved out.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let mut values = driver.execute_named(["a"], ())?.into_values();
    /// assert_eq!(values.take::<f64>("a")?, 1.5);
    /// assert_eq!(
    ///     values.take::<f64>("a").unwrap_err().to_string(),
    ///     "there is no value `a`; ask for it when the graph is run"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such value, or no longer, or it is of another type; where a node has failed that it needs,
    /// that.
    pub fn take<T: NodeValue>(&mut self, name: &str) -> Result<T, Error> {
        let position = self.position(name)?;
        let (name, value) = self.entries.remove(position);
        value.into_inner().map_err(|value| {
            let error = wrong_type::<T>(&name, &value);
            self.entries.insert(position, (name, value));
            error
        })
    }

    /// The values by name, each of a type that has to be known to get at it.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let map = driver.execute_named(["a"], ())?.into_map();
    /// assert_eq!(map["a"].downcast_ref::<f64>(), Some(&1.5));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, Value> {
        self.entries.into_iter().collect()
    }

    /// The values as one JSON object, in the order in which they were asked for where `serde_json` keeps it.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.to_json()?, serde_json::json!({ "a": 1.5 }));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// All values at once that cannot be serialised.
    pub fn to_json(&self) -> Result<serde_json::Value, Error> {
        let mut object = serde_json::Map::new();
        let mut problems = Vec::new();
        for (name, value) in &self.entries {
            match value.to_json() {
                Ok(json) => {
                    object.insert(name.clone(), json);
                }
                Err(problem) => problems.push(format!("`{name}` cannot be written as JSON: {problem}")),
            }
        }
        if problems.is_empty() {
            Ok(object.into())
        } else {
            Err(Error::problems_of(ErrorKind::Result, problems))
        }
    }

    fn position(&self, name: &str) -> Result<usize, Error> {
        self.entries.iter().position(|(known, _)| known == name).ok_or_else(|| {
            if let Some((_, error)) = self.missing.iter().find(|(missing, _)| missing == name) {
                return Error::node(error.clone(), None);
            }
            let names = self.entries.iter().map(|(name, _)| name.as_str());
            let advice = did_you_mean(name, names, "ask for it when the graph is run");
            Error::one(ErrorKind::Result, format!("there is no value `{name}`; {advice}"))
        })
    }
}

fn wrong_type<T: NodeValue>(name: &str, value: &Value) -> Error {
    let is = value.value_type().text();
    let asked = Plain::<T>::TYPE.text();
    Error::one(
        ErrorKind::Result,
        format!("`{name}` is `{is}`, but was asked for as `{asked}`; ask for a `{is}`"),
    )
}

/// Makes of the values of a run what the caller wants: a data frame, a report, a file.
///
/// A closure is one too.
///
/// ```
/// use millstream::{Error, Graph, Named};
///
/// let driver = Graph::builder().function("a", (), || 1.5).function("b", (), || 2.5).build()?.driver().build()?;
/// let sum = driver.execute_named(["a", "b"], ())?.build(|mut values: Named| -> Result<f64, Error> {
///     Ok(values.take::<f64>("a")? + values.take::<f64>("b")?)
/// })?;
/// assert_eq!(sum, 4.0);
/// # Ok::<(), millstream::Error>(())
/// ```
pub trait ResultBuilder {
    /// What it makes.
    type Output;
    /// What it fails with.
    type Error;

    /// Makes it.
    ///
    /// # Errors
    /// Its own.
    fn build(self, values: Named) -> Result<Self::Output, Self::Error>;
}

impl<T, E, F: FnOnce(Named) -> Result<T, E>> ResultBuilder for F {
    type Output = T;
    type Error = E;

    fn build(self, values: Named) -> Result<T, E> {
        self(values)
    }
}

impl Run<Named> {
    /// [`Named::get`].
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.get::<f64>("a")?, &1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such value, or it is of another type.
    pub fn get<T: NodeValue>(&self, name: &str) -> Result<&T, Error> {
        self.values.get(name)
    }

    /// [`Named::take`].
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.take::<f64>("a")?, 1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such value, or no longer, or it is of another type.
    pub fn take<T: NodeValue>(&mut self, name: &str) -> Result<T, Error> {
        self.values.take(name)
    }

    /// [`Named::into_map`].
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.into_map().len(), 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, Value> {
        self.values.into_map()
    }

    /// [`Named::to_json`].
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || vec![1, 2]).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.to_json()?.to_string(), r#"{"a":[1,2]}"#);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// All values at once that cannot be serialised.
    pub fn to_json(&self) -> Result<serde_json::Value, Error> {
        self.values.to_json()
    }

    /// What the result builder makes of the values.
    ///
    /// ```
    /// # use millstream::{Error, Named};
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let count = driver.execute_named(["a"], ())?.build(|values: Named| Ok::<_, Error>(values.names().len()))?;
    /// assert_eq!(count, 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// The builder's.
    pub fn build<B: ResultBuilder>(self, builder: B) -> Result<B::Output, B::Error> {
        builder.build(self.values)
    }
}
