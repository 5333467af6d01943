//! From what a node yields to what a parameter wants, where the tokens alone do not tell that it fits.
//!
//! Generated code calls `give` on one of the types below. Which `give` that is, method lookup decides: the identity
//! where both types are one, else a dereference, else a second one. Where none fits, lookup comes to a method that
//! generated code defines on the spot, whose bound nothing meets and which carries the message:
//!
//! ```text
//! {
//!     use __ms::edge::*;
//!     #[diagnostic::on_unimplemented(message = "parameter `spend` of node `roas` is `&[f64]`, but ..")]
//!     trait FedBy<Provided: ?Sized> {}
//!     #[diagnostic::do_not_recommend]
//!     impl FedBy<Nobody> for Nobody {}
//!     trait Mismatch<'v, P: ?Sized, T: ?Sized> { fn give(&self) -> &'v T where T: FedBy<P>; }
//!     impl<'v, P: ?Sized, T: ?Sized> Mismatch<'v, P, T> for Borrowed<'v, P, T> { .. }
//!     (&&&&Borrowed::<_, [f64]>::new(frame.borrow::<spend>(0))).give()
//! }
//! ```
//!
//! The expression has the wanted type in every case, so nothing else goes wrong because of it.

use std::marker::PhantomData;
use std::ops::Deref;

/// Fits nothing: the only one that a local trait is implemented for, so that rustc has nothing to propose.
pub enum Nobody {}

/// `&P` where `&T` is wanted.
pub struct Borrowed<'v, P: ?Sized, T: ?Sized>(&'v P, PhantomData<fn(&T)>);

impl<'v, P: ?Sized, T: ?Sized> Borrowed<'v, P, T> {
    pub fn new(value: &'v P) -> Self {
        Self(value, PhantomData)
    }
}

pub trait Identity<'v, T: ?Sized> {
    fn give(&self) -> &'v T;
}

impl<'v, T: ?Sized> Identity<'v, T> for &&&Borrowed<'v, T, T> {
    fn give(&self) -> &'v T {
        self.0
    }
}

pub trait Once<'v, T: ?Sized> {
    fn give(&self) -> &'v T;
}

impl<'v, P: Deref<Target = T> + ?Sized, T: ?Sized + 'v> Once<'v, T> for &&Borrowed<'v, P, T> {
    fn give(&self) -> &'v T {
        self.0
    }
}

pub trait Twice<'v, T: ?Sized> {
    fn give(&self) -> &'v T;
}

impl<'v, P, T> Twice<'v, T> for &Borrowed<'v, P, T>
where
    P: Deref<Target: Deref<Target = T> + 'v> + ?Sized,
    T: ?Sized + 'v,
{
    fn give(&self) -> &'v T {
        self.0
    }
}

/// `P` where `T` is wanted: only the identity fits.
pub struct Owned<P, T>(P, PhantomData<fn(T)>);

impl<P, T> Owned<P, T> {
    pub fn new(value: P) -> Self {
        Self(value, PhantomData)
    }
}

impl<T> Owned<T, T> {
    pub fn give(self) -> T {
        self.0
    }
}

/// `Option<&P>` where `Option<&T>` is wanted; an option within `P` counts as none.
pub struct OptionalBorrowed<'v, P: ?Sized, T: ?Sized>(Option<&'v P>, PhantomData<fn(&T)>);

impl<'v, P: ?Sized, T: ?Sized> OptionalBorrowed<'v, P, T> {
    pub fn new(value: Option<&'v P>) -> Self {
        Self(value, PhantomData)
    }
}

pub trait OptionalIdentity<'v, T: ?Sized> {
    fn give(&self) -> Option<&'v T>;
}

impl<'v, T: ?Sized> OptionalIdentity<'v, T> for &&&OptionalBorrowed<'v, T, T> {
    fn give(&self) -> Option<&'v T> {
        self.0
    }
}

pub trait OptionalOnce<'v, T: ?Sized> {
    fn give(&self) -> Option<&'v T>;
}

impl<'v, P, T> OptionalOnce<'v, T> for &&OptionalBorrowed<'v, P, T>
where
    P: Deref<Target = T> + ?Sized,
    T: ?Sized + 'v,
{
    fn give(&self) -> Option<&'v T> {
        self.0.map(Deref::deref)
    }
}

/// Looked up together with [`OptionalOnce`]: an `Option` is no pointer, so only one of them ever applies.
pub trait OptionalFlat<'v, T: ?Sized> {
    fn give(&self) -> Option<&'v T>;
}

impl<'v, T> OptionalFlat<'v, T> for &&OptionalBorrowed<'v, Option<T>, T> {
    fn give(&self) -> Option<&'v T> {
        self.0.and_then(Option::as_ref)
    }
}

pub trait OptionalTwice<'v, T: ?Sized> {
    fn give(&self) -> Option<&'v T>;
}

impl<'v, P, T> OptionalTwice<'v, T> for &OptionalBorrowed<'v, Option<P>, T>
where
    P: Deref<Target = T>,
    T: ?Sized + 'v,
{
    fn give(&self) -> Option<&'v T> {
        self.0.and_then(Option::as_deref)
    }
}

/// `Option<P>` where `Option<T>` is wanted; an option within `P` counts as none.
pub struct OptionalOwned<P, T>(Option<P>, PhantomData<fn(T)>);

impl<P, T> OptionalOwned<P, T> {
    pub fn new(value: Option<P>) -> Self {
        Self(value, PhantomData)
    }
}

pub trait OwnedIdentity<T> {
    fn give(self) -> Option<T>;
}

impl<T> OwnedIdentity<T> for OptionalOwned<T, T> {
    fn give(self) -> Option<T> {
        self.0
    }
}

impl<T> OwnedIdentity<T> for OptionalOwned<Option<T>, T> {
    fn give(self) -> Option<T> {
        self.0.flatten()
    }
}
