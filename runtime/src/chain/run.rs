//! What the run of a chain gives back.

use std::fmt;

use crate::context::RunId;
use crate::driver::Run;
use crate::hook::Line;
use crate::run::Report;

use super::journey::{Arrived, Done};

/// The values of a run of a [`Chain`](super::Chain), and the runs of its drivers.
///
/// ```
/// use millstream::Graph;
///
/// let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
/// let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
/// let run = one.then(&two.driver().build()?)?.execute_named(["two"], ())?;
/// assert_eq!(run.runs().map(|part| part.schedule().to_string()).collect::<Vec<_>>(), ["1 one\n", "1 two\n"]);
/// assert_eq!(run.into_values().take::<i32>("two")?, 2);
/// # Ok::<(), millstream::Error>(())
/// ```
pub struct ChainRun<V> {
    values: V,
    done: Done,
    line: Line,
}

impl<V> ChainRun<V> {
    pub(super) fn new(values: V, arrived: Arrived) -> Self {
        Self { values, done: arrived.done, line: arrived.line }
    }

    /// The values that were asked for.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// assert_eq!(chain.execute_named(["two"], ())?.into_values().names(), ["two"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn into_values(self) -> V {
        self.values
    }

    /// The values that were asked for, borrowed.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// assert_eq!(chain.execute_named(["two"], ())?.values().get::<i32>("two")?, &2);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &V {
        &self.values
    }

    /// What the run is called: the [parent](crate::RunInfo::parent) of the runs of the drivers.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let run = chain.execute_named(["two"], ())?;
    /// assert!(run.runs().all(|part| part.id() != run.id()));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> RunId {
        self.line.id()
    }

    /// The runs of the drivers that had something to do, in order: what ran, when, and what nodes wrote about
    /// themselves.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// assert_eq!(chain.execute_named(["two"], ())?.runs().count(), 2);
    /// assert_eq!(chain.execute_named(["one"], ())?.runs().count(), 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn runs(&self) -> impl Iterator<Item = &Run<()>> {
        self.done.runs.iter().map(|part| &part.run)
    }

    /// What became of each node, of all drivers.
    ///
    /// ```
    /// use millstream::{ErrorPolicy, Graph};
    ///
    /// let load = Graph::builder().try_function("rows", (), || Err::<f64, _>("no such file")).build()?;
    /// let mean = Graph::builder().input::<f64>("rows").function("mean", ["rows"], |rows: &f64| rows / 2.0).build()?;
    /// let keep_going = |graph: Graph| graph.driver().on_error(ErrorPolicy::KeepGoing).build();
    /// let run = keep_going(load)?.then(&keep_going(mean)?)?.execute_named(["mean"], ())?;
    /// assert_eq!(
    ///     run.report().to_string(),
    ///     "\
    /// rows  failed   no such file
    /// mean  skipped  because of `rows`
    /// "
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        self.done.report()
    }
}

/// Without the values, so that `unwrap` and `unwrap_err` work for values of all types.
impl<V> fmt::Debug for ChainRun<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChainRun").field(&self.runs().collect::<Vec<_>>()).finish()
    }
}
