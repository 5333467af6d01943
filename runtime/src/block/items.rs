//! The items of a source as an iterator.

use std::fmt;

use crate::fault::Fault;
use crate::hook::BoxedError;

use super::source::Parallelizable;

/// The items of a [`Parallelizable`], one after another: what [`Graph::to_source`](crate::Graph::to_source) writes loops
/// over. A failure is that of one item. Those of a stream are waited for on the thread.
///
/// ```
/// use millstream::Parallelizable;
///
/// let lengths = Parallelizable::fallible(["1", "x", "3"].map(str::parse::<i32>));
/// let found: Vec<Option<i32>> = lengths.into_iter().map(Result::ok).collect();
/// assert_eq!(found, [Some(1), None, Some(3)]);
/// ```
pub struct SourceItems<T>(Parallelizable<T>);

impl<T> Iterator for SourceItems<T> {
    type Item = Result<T, BoxedError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.next() {
            Ok(item) => Some(Ok(item)),
            Err(none) => match *none {
                Fault::End => None,
                Fault::Error(error) => Some(Err(error)),
                // A source fails by returning an error.
                other => Some(Err(format!("{other:?}").into())),
            },
        }
    }
}

impl<T> fmt::Debug for SourceItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceItems").field(&self.0).finish()
    }
}

impl<T> IntoIterator for Parallelizable<T> {
    type Item = Result<T, BoxedError>;
    type IntoIter = SourceItems<T>;

    fn into_iter(self) -> SourceItems<T> {
        SourceItems(self)
    }
}
