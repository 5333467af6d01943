//! Nodes that open dynamic blocks.

use std::future::Future;

use crate::block::Parallelizable;
use crate::graph::RoleData;
use crate::node::{Fallible, NodeFault, NodeValue};
use crate::value_type::Plain;

use super::{Feeds, GraphBuilder, NodeFunction, call};

impl GraphBuilder {
    /// Adds a node that opens a dynamic block: those that take its items run once for each, up to those that
    /// [`Collect`](crate::Collect).
    ///
    /// ```
    /// use millstream::{Collect, Graph, Parallelizable};
    ///
    /// let graph = Graph::builder()
    ///     .expand("number", (), || Parallelizable::new([1, 2, 3]))
    ///     .function("square", ["number"], |number: &i32| number * number)
    ///     .function("sum", ["square"], |square: Collect<'_, i32>| square.iter().sum::<i32>())
    ///     .build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["sum"], ())?.get::<i32>("sum")?, &14);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn expand<M, F, T>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M, Out = Parallelizable<T>>,
        T: NodeValue,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::plain(function)).opens_block()
    }

    /// The same with a function that returns a `Result`: the items are those of what is in its `Ok`.
    ///
    /// ```
    /// use millstream::{Collect, Graph, InputMap, Parallelizable};
    ///
    /// let graph = Graph::builder()
    ///     .input::<String>("text")
    ///     .try_expand("number", ["text"], |text: &str| text.parse().map(|end: u32| Parallelizable::new(0..end)))
    ///     .function("sum", ["number"], |number: Collect<'_, u32>| number.iter().sum::<u32>())
    ///     .build()?;
    /// let driver = graph.driver().build()?;
    /// let sum = |text: &str| driver.execute_named(["sum"], InputMap::new().set("text", text.to_owned()));
    /// assert_eq!(sum("4")?.get::<u32>("sum")?, &6);
    /// assert_eq!(
    ///     format!("{:#}", sum("x").unwrap_err()),
    ///     "node `number` failed; it was needed on the way `number` -> `sum`: invalid digit found in string"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn try_expand<M, F, T, E>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Fallible<Value = Parallelizable<T>, Error = E>,
        T: NodeValue,
        E: NodeFault,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::fallible(function))
            .opens_block()
    }

    /// [`expand`](Self::expand) with a function that returns a future, which owns what it needs of the arguments.
    ///
    /// ```
    /// use millstream::{Collect, Graph, Parallelizable};
    ///
    /// let graph = Graph::builder()
    ///     .async_expand("number", (), || async { Parallelizable::new([1, 2, 3]) })
    ///     .function("sum", ["number"], |number: Collect<'_, i32>| number.iter().sum::<i32>())
    ///     .build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["sum"], ())?.get::<i32>("sum")?, &6);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn async_expand<M, F, T>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Future<Output = Parallelizable<T>> + Send + 'static,
        T: NodeValue,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::waiting(function))
            .opens_block()
    }

    /// The same with a future that yields a `Result`.
    ///
    /// ```
    /// use millstream::{Graph, Parallelizable};
    ///
    /// let graph = Graph::builder()
    ///     .try_async_expand("page", (), || async { Err::<Parallelizable<String>, _>("no such host") })
    ///     .build()?;
    /// let error = graph.driver().build()?.execute_named(["page"], ()).unwrap_err();
    /// assert_eq!(format!("{error:#}"), "node `page` failed: no such host");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn try_async_expand<M, F, R, T, E>(
        self,
        name: impl Into<String>,
        feeds: impl Feeds,
        function: F,
    ) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Future<Output = R> + Send + 'static,
        R: Fallible<Value = Parallelizable<T>, Error = E>,
        T: NodeValue,
        E: NodeFault,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::waiting_fallible(function))
            .opens_block()
    }

    /// The node that was added last yields the items of a block.
    fn opens_block(mut self) -> Self {
        if let Some(draft) = self.drafts.last_mut() {
            draft.node.expands = matches!(draft.node.role, RoleData::Function(_));
        }
        self
    }
}
