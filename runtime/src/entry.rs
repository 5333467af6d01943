//! The error of compiled entry points.

use std::error::Error as StdError;
use std::fmt;

use crate::block::Parallelizable;
use crate::descriptor::{Place, Role};
use crate::error::Error;
use crate::hook::BoxedError;
use crate::memory::{Keyed, MissingKey};
use crate::node::{Node, NodeFault};

/// A node that failed in a compiled entry point: which, where, and with what.
///
/// [`Display`](fmt::Display) and `Debug` read like those of [`Error`](crate::Error), which it turns into. In a dynamic
/// block it does not tell for which item the node failed. Where one is on the way, an entry point is a `Result` whatever
/// its nodes return, for the items of a block may fail.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow(compile(total_of = total))]
/// mod orders {
///     #[inputs]
///     pub struct Inputs {
///         pub text: String,
///     }
///
///     #[node]
///     pub fn prices(text: &str) -> Result<Vec<f64>, std::num::ParseFloatError> {
///         text.split(' ').map(str::parse).collect()
///     }
///
///     #[node]
///     pub fn total(prices: &[f64]) -> f64 {
///         prices.iter().sum()
///     }
/// }
///
/// let total = orders::total_of(&orders::TotalOfInputs { text: "1 2.5".to_owned() });
/// assert_eq!(total.unwrap(), 3.5);
///
/// let error = orders::total_of(&orders::TotalOfInputs { text: "1 two".to_owned() }).unwrap_err();
/// assert_eq!(error.node(), "prices");
/// assert!(format!("{error:#}").ends_with("failed: invalid float literal"));
/// ```
pub struct EntryError {
    node: &'static str,
    place: Place,
    cause: Box<dyn StdError + Send + Sync>,
}

impl EntryError {
    /// The node's name.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow(compile(get = a))]
    /// # mod one { #[node] pub fn a() -> Result<f64, String> { Err("no".to_owned()) } }
    /// assert_eq!(one::get().unwrap_err().node(), "a");
    /// ```
    #[must_use]
    pub fn node(&self) -> &'static str {
        self.node
    }

    /// Where the node stands in the source.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow(compile(get = a))]
    /// # mod one { #[node] pub fn a() -> Result<f64, String> { Err("no".to_owned()) } }
    /// assert!(one::get().unwrap_err().place().file.ends_with(".rs"));
    /// ```
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// The error that the node returned.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow(compile(get = a))]
    /// # mod one { #[node] pub fn a() -> Result<f64, String> { Err("no".to_owned()) } }
    /// assert_eq!(one::get().unwrap_err().into_cause().to_string(), "no");
    /// ```
    #[must_use]
    pub fn into_cause(self) -> Box<dyn StdError + Send + Sync> {
        self.cause
    }

    fn of<N: Node>(place: Place, cause: Box<dyn StdError + Send + Sync>) -> Self {
        Self { node: N::DESCRIPTOR.name, place, cause }
    }
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node `{}` ({}) failed", self.node, self.place)?;
        if f.alternate() {
            for cause in causes(self) {
                write!(f, ": {cause}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for cause in causes(self) {
            write!(f, "\n  caused by: {cause}")?;
        }
        Ok(())
    }
}

fn causes(error: &EntryError) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| (*error).source())
}

impl StdError for EntryError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.cause)
    }
}

impl From<EntryError> for Error {
    fn from(error: EntryError) -> Self {
        let EntryError { node, place, cause } = error;
        Self::of_entry(node, place, cause)
    }
}

/// Node `N` has failed.
#[cold]
pub fn failed<N: Node>(error: N::Error) -> EntryError {
    EntryError::of::<N>(N::DESCRIPTOR.place, error.into_fault())
}

/// Variant `VARIANT` of node `N` has failed, at a place of its own.
#[cold]
pub fn failed_variant<N: Node, const VARIANT: usize>(error: N::Error) -> EntryError {
    let own = match N::DESCRIPTOR.role {
        Role::Function { variants, .. } => variants.get(VARIANT).and_then(|variant| variant.place),
        Role::Input { .. } | Role::Part { .. } => None,
    };
    EntryError::of::<N>(own.unwrap_or(N::DESCRIPTOR.place), error.into_fault())
}

/// The items of the block that node `N` opens.
pub fn items<N: Node>(
    source: Parallelizable<N::Output>,
) -> impl Iterator<Item = Result<N::Output, EntryError>> {
    source.into_iter().map(|item| item.map_err(failed_item::<N>))
}

/// The next of these items, awaited where they come from a stream.
pub async fn next_item<N: Node>(
    source: &mut Parallelizable<N::Output>,
) -> Option<Result<N::Output, EntryError>> {
    source.next_item().await.map(|item| item.map_err(failed_item::<N>))
}

#[cold]
fn failed_item<N: Node>(cause: BoxedError) -> EntryError {
    EntryError::of::<N>(N::DESCRIPTOR.place, cause)
}

/// The map that node `N` yields lacks a key.
#[cold]
pub(crate) fn missing<N: Node, T>(map: &impl Keyed<T>, key: &str) -> EntryError {
    let missing = MissingKey { key: key.to_owned(), keys: map.all_keys() };
    EntryError::of::<N>(N::DESCRIPTOR.place, Box::new(missing))
}
