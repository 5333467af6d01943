//! What becomes of a run when a node fails.

/// What becomes of a run when a node fails.
///
/// ```
/// use millstream::{ErrorPolicy, Graph};
///
/// let graph = Graph::builder()
///     .try_function("bad", (), || Err::<f64, _>("no"))
///     .function("good", (), || 1.5)
///     .build()?;
/// let run = |policy| graph.driver().on_error(policy).build()?.execute_named(["good", "bad"], ());
/// assert!(run(ErrorPolicy::FailFast).is_err());
/// assert_eq!(run(ErrorPolicy::KeepGoing)?.get::<f64>("good")?, &1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorPolicy {
    /// The run ends. What runs at that time is let finish, and the failure of the node that comes first in the
    /// order of the run is told of, on every executor.
    #[default]
    FailFast,
    /// What does not need the node runs all the same. In a dynamic block that holds for each item: a list lacks nothing
    /// because of a node that it does not need. What a node of the block needs from outside of it, it needs for all items:
    /// where that is missing, so is the whole list, also if the block turns out to have no items. Who collects results has
    /// an error for each item, so for none an empty list.
    ///
    /// [`Run::report`](crate::Run::report) tells what became of each node.
    KeepGoing,
}
