//! All that a block has made.

use std::ops::Deref;

/// What a node of a dynamic block has yielded for each item, in the order of the items.
///
/// As a parameter it collects the node of the parameter's name. It is a slice, so everything that slices can do it
/// can, too.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod squares {
///     use millstream::{Collect, Parallelizable};
///
///     #[node]
///     pub fn number() -> Parallelizable<u64> {
///         Parallelizable::new(1..=4)
///     }
///
///     #[node]
///     pub fn square(number: &u64) -> u64 {
///         number * number
///     }
///
///     #[node]
///     pub fn total(square: Collect<'_, u64>) -> u64 {
///         square.iter().sum()
///     }
/// }
///
/// let total = squares::driver().build()?.execute::<squares::total>(())?.into_values();
/// assert_eq!(total, 1 + 4 + 9 + 16);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Debug)]
pub struct Collect<'c, T> {
    items: &'c [T],
}

impl<'c, T> Collect<'c, T> {
    /// Some values as if they had been collected: for calling a node's function by hand.
    ///
    /// ```
    /// use millstream::Collect;
    ///
    /// fn total(prices: Collect<'_, f64>) -> f64 {
    ///     prices.iter().sum()
    /// }
    ///
    /// assert_eq!(total(Collect::of(&[1.5, 2.5])), 4.0);
    /// ```
    #[must_use]
    pub fn of(items: &'c [T]) -> Self {
        Self { items }
    }

    /// The values, for as long as the node runs.
    ///
    /// ```
    /// # use millstream::Collect;
    /// assert_eq!(Collect::of(&[1, 2]).as_slice().first(), Some(&1));
    /// ```
    #[must_use]
    pub fn as_slice(self) -> &'c [T] {
        self.items
    }
}

impl<T> Clone for Collect<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Collect<'_, T> {}

impl<T> Deref for Collect<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items
    }
}

impl<'c, T> IntoIterator for Collect<'c, T> {
    type Item = &'c T;
    type IntoIter = std::slice::Iter<'c, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'c, T> IntoIterator for &Collect<'c, T> {
    type Item = &'c T;
    type IntoIter = std::slice::Iter<'c, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
