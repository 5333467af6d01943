//! The check of an edge whose types only rustc can compare, made in the code that uses the edge.
//!
//! A parameter may borrow what its provider's type dereferences to. Where the macro cannot tell from the tokens
//! whether the types fit, it writes an edge in place of the plain argument:
//!
//! ```text
//! {
//!     let edge = ms::edge::borrowed::<_, [f64]>(frame.borrow::<spend>(0));
//!     {
//!         use ms::edge::levels::*;
//!         #[diagnostic::on_unimplemented(message = "parameter `spend` of node `roas` is `&[f64]`, but ..")]
//!         trait Feeds {}
//!         #[diagnostic::do_not_recommend]
//!         impl Feeds for ms::edge::Nothing {}
//!         trait Mismatch: ms::edge::Edge {
//!             fn __give(&self) -> Self::Give
//!             where
//!                 Self::Provider: Feeds,              // spanned at the provider's return type
//!             {
//!                 ms::edge::never()
//!             }
//!         }
//!         impl<E: ms::edge::Edge> Mismatch for E {}
//!         (&&&&edge).__give()                           // `__give()` spanned at the parameter's type
//!     }
//! }
//! ```
//!
//! rustc looks for `__give` level by level: for the very type, for what it dereferences to, for what that
//! dereferences to. Where none fits it finds `Mismatch::__give`, whose condition stands on the method and so is
//! not looked at while it searches; then it says that `Feeds` does not hold, in the words of the attribute, and
//! nothing else. The expression has the parameter's type in any case, so no other error follows.
//!
//! By value it is `owned::<_, Vec<f64>>(frame.take::<spend>(0))`, and for an `Option<&[f64]>`
//! `supplied::<_, [f64]>(frame.supplied::<spend>(0))`, for an `Option<Vec<f64>>` `owned_supplied`. A parameter `&dyn Trait` cannot be checked like this:
//! it is passed as a plain argument, which rustc coerces.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::block::Collect;
use crate::error::NodeError;
use crate::fault::refuse;

/// What is given as `&'v P` and wanted as `&'v T`.
pub struct Borrowed<'v, P: ?Sized, T: ?Sized>(&'v P, PhantomData<fn() -> &'v T>);

/// What is given as `Option<&'v P>` and wanted as `Option<&'v T>`.
pub struct Supplied<'v, P: ?Sized, T: ?Sized>(Option<&'v P>, PhantomData<fn() -> &'v T>);

/// What is given as `Option<P>` and wanted as `Option<T>`.
pub struct OwnedSupplied<P, T>(Cell<Option<P>>, PhantomData<fn() -> T>);

/// What is given as `P` and wanted as `T`.
pub struct Owned<P, T>(Cell<Option<P>>, PhantomData<fn() -> T>);

/// What is given as `Collect<P>` and wanted as `Collect<T>`.
pub struct CollectedOf<'v, P, T>(Collect<'v, P>, PhantomData<fn() -> T>);

#[must_use]
pub fn collected<P, T>(value: Collect<'_, P>) -> CollectedOf<'_, P, T> {
    CollectedOf(value, PhantomData)
}

/// What is given as `Collect<Result<P, NodeError>>` and wanted as `Collect<Result<T, NodeError>>`.
pub struct CollectedResultsOf<'v, P, T>(Collect<'v, Result<P, NodeError>>, PhantomData<fn() -> T>);

#[must_use]
pub fn collected_results<P, T>(value: Collect<'_, Result<P, NodeError>>) -> CollectedResultsOf<'_, P, T> {
    CollectedResultsOf(value, PhantomData)
}

impl<'v, P, T: 'v> Edge for CollectedResultsOf<'v, P, T> {
    type Provider = P;
    type Give = Collect<'v, Result<T, NodeError>>;
}

impl<'v, T> Same<Collect<'v, Result<T, NodeError>>> for &&&CollectedResultsOf<'v, T, T> {
    fn __give(&self) -> Collect<'v, Result<T, NodeError>> {
        self.0
    }
}

impl<'v, P, T: 'v> Edge for CollectedOf<'v, P, T> {
    type Provider = P;
    type Give = Collect<'v, T>;
}

impl<'v, T> Same<Collect<'v, T>> for &&&CollectedOf<'v, T, T> {
    fn __give(&self) -> Collect<'v, T> {
        self.0
    }
}

pub fn borrowed<P: ?Sized, T: ?Sized>(value: &P) -> Borrowed<'_, P, T> {
    Borrowed(value, PhantomData)
}

#[must_use]
pub fn supplied<P: ?Sized, T: ?Sized>(value: Option<&P>) -> Supplied<'_, P, T> {
    Supplied(value, PhantomData)
}

pub fn owned<P, T>(value: P) -> Owned<P, T> {
    Owned(Cell::new(Some(value)), PhantomData)
}

pub fn owned_supplied<P, T>(value: Option<P>) -> OwnedSupplied<P, T> {
    OwnedSupplied(Cell::new(value), PhantomData)
}

/// An edge, whatever its types.
pub trait Edge {
    type Provider: ?Sized;
    type Give;
}

impl<'v, P: ?Sized, T: ?Sized + 'v> Edge for Borrowed<'v, P, T> {
    type Provider = P;
    type Give = &'v T;
}

impl<'v, P: ?Sized, T: ?Sized + 'v> Edge for Supplied<'v, P, T> {
    type Provider = P;
    type Give = Option<&'v T>;
}

impl<P, T> Edge for Owned<P, T> {
    type Provider = P;
    type Give = T;
}

impl<P, T> Edge for OwnedSupplied<P, T> {
    type Provider = P;
    type Give = Option<T>;
}

/// Stands in for what an edge that does not fit would give; such an edge does not compile.
#[must_use]
pub fn never<T>() -> T {
    refuse("an edge whose types do not fit was used")
}

/// The one type that feeds every parameter, since there is no value of it. A trait that nothing implements would
/// make rustc advise to implement it.
pub enum Nothing {}

/// The very type.
pub trait Same<G> {
    fn __give(&self) -> G;
}

impl<'v, T: ?Sized> Same<&'v T> for &&&Borrowed<'v, T, T> {
    fn __give(&self) -> &'v T {
        self.0
    }
}

impl<'v, T, const N: usize> Same<&'v [T]> for &&&Borrowed<'v, [T; N], [T]> {
    fn __give(&self) -> &'v [T] {
        self.0
    }
}

impl<'v, T: ?Sized> Same<Option<&'v T>> for &&&Supplied<'v, T, T> {
    fn __give(&self) -> Option<&'v T> {
        self.0
    }
}

impl<T> Same<T> for &&&Owned<T, T> {
    fn __give(&self) -> T {
        self.0.take().unwrap_or_else(never)
    }
}

impl<T> Same<Option<T>> for &&&OwnedSupplied<T, T> {
    fn __give(&self) -> Option<T> {
        self.0.take()
    }
}

/// An option within an option: none inside is none outside.
pub trait Flat<G> {
    fn __give(&self) -> G;
}

impl<'v, T> Flat<Option<&'v T>> for &&&Supplied<'v, Option<T>, T> {
    fn __give(&self) -> Option<&'v T> {
        self.0.and_then(Option::as_ref)
    }
}

impl<'v, P: Deref<Target = T>, T: ?Sized> Flat<Option<&'v T>> for &&Supplied<'v, Option<P>, T> {
    fn __give(&self) -> Option<&'v T> {
        self.0.and_then(Option::as_deref)
    }
}

impl<T> Flat<Option<T>> for &&&OwnedSupplied<Option<T>, T> {
    fn __give(&self) -> Option<T> {
        self.0.take().flatten()
    }
}

/// What it dereferences to.
pub trait Once<G> {
    fn __give(&self) -> G;
}

impl<'v, P: ?Sized + Deref<Target = T>, T: ?Sized> Once<&'v T> for &&Borrowed<'v, P, T> {
    fn __give(&self) -> &'v T {
        self.0
    }
}

impl<'v, P: ?Sized + Deref<Target = T>, T: ?Sized> Once<Option<&'v T>> for &&Supplied<'v, P, T> {
    fn __give(&self) -> Option<&'v T> {
        self.0.map(|value| &**value)
    }
}

/// What that dereferences to.
pub trait Twice<G> {
    fn __give(&self) -> G;
}

impl<'v, P: ?Sized + Deref, T: ?Sized> Twice<&'v T> for &Borrowed<'v, P, T>
where
    P::Target: Deref<Target = T> + 'v,
{
    fn __give(&self) -> &'v T {
        self.0
    }
}

impl<'v, P: ?Sized + Deref, T: ?Sized> Twice<Option<&'v T>> for &Supplied<'v, P, T>
where
    P::Target: Deref<Target = T> + 'v,
{
    fn __give(&self) -> Option<&'v T> {
        self.0.map(|value| &***value)
    }
}

/// The traits of the levels without their names, so that a glob import hides nothing of the user's.
pub mod levels {
    pub use super::{Flat as _, Once as _, Same as _, Twice as _};
}
