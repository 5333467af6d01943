//! What a run gives back.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::context::{Metadata, RunId};
use crate::run::{Finished, Log, Report, Schedule};

/// The values of a run, and what ran.
///
/// ```
/// use millstream::Graph;
///
/// let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
/// let run = driver.execute_named(["a"], ())?;
/// assert_eq!(run.schedule().tasks()[0].node, "a");
/// let mut values = run.into_values();
/// assert_eq!(values.take::<f64>("a")?, 1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
pub struct Run<V> {
    pub(crate) values: V,
    log: Arc<Log>,
    /// There once somebody asks.
    schedule: OnceLock<Schedule>,
}

impl<V> Run<V> {
    pub(crate) fn new(values: V, finished: &Finished) -> Self {
        Self { values, log: finished.log(), schedule: OnceLock::new() }
    }

    /// The values that were asked for.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.into_values().names(), ["a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn into_values(self) -> V {
        self.values
    }

    /// The values that were asked for, borrowed.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.values().get::<f64>("a")?, &1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &V {
        &self.values
    }

    /// What ran, in order, with timings if the driver was told to take them.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["a"], ())?.schedule().to_string(), "1 a\n");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn schedule(&self) -> &Schedule {
        self.schedule.get_or_init(|| self.log.schedule())
    }

    /// What the run is called.
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// assert_ne!(driver.execute_named(["a"], ())?.id(), driver.execute_named(["a"], ())?.id());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> RunId {
        self.log.line().id()
    }

    /// What a node has written about itself, by its [`NodeContext`](crate::NodeContext): nothing, or one record; of a
    /// node in a dynamic block one for each item for which it has written any, in their order.
    ///
    /// ```
    /// use millstream::{Graph, NodeContext};
    ///
    /// let rows = |run: NodeContext<'_>| run.set("a.csv");
    /// let graph = Graph::builder().function("rows", (), rows).function("other", (), || 1).build()?;
    /// let run = graph.driver().build()?.execute_named(["rows", "other"], ())?;
    /// assert_eq!(run.metadata("rows")[0].get::<&str>(), Some(&"a.csv"));
    /// assert!(run.metadata("other").is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn metadata(&self, node: &str) -> Vec<Metadata> {
        self.log.metadata(node).into_iter().map(|(_, metadata)| metadata).collect()
    }

    /// The same of a node in dynamic blocks, with the items for which it has written: their numbers, from 0, that of the
    /// outermost block first.
    ///
    /// ```
    /// use millstream::{Graph, NodeContext, Parallelizable};
    ///
    /// let long = |word: &&str, run: NodeContext<'_>| {
    ///     if word.len() > 3 {
    ///         run.set("long");
    ///     }
    ///     word.len()
    /// };
    /// let graph = Graph::builder()
    ///     .expand("word", (), || Parallelizable::new(["rain", "sun", "snow"]))
    ///     .function("length", ["word"], long)
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["length"], ())?;
    /// let items: Vec<_> = run.metadata_of_items("length").into_iter().map(|(items, _)| items).collect();
    /// assert_eq!(items, [[0], [2]]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn metadata_of_items(&self, node: &str) -> Vec<(Vec<usize>, Metadata)> {
        self.log.metadata(node)
    }

    /// What became of each node of the run.
    ///
    /// ```
    /// use millstream::{ErrorPolicy, Graph, Outcome};
    ///
    /// let graph = Graph::builder()
    ///     .try_function("bad", (), || Err::<f64, _>("no"))
    ///     .function("good", (), || 1.5)
    ///     .build()?;
    /// let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
    /// let report = driver.execute_named(["bad", "good"], ())?.report();
    /// assert!(matches!(report.outcome("bad"), Some(Outcome::Failed(_))));
    /// assert!(matches!(report.outcome("good"), Some(Outcome::Done)));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        self.log.report()
    }
}

/// Without the values, so that `unwrap` and `unwrap_err` work for values of all types.
impl<V> fmt::Debug for Run<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Run").field(self.schedule()).finish()
    }
}
