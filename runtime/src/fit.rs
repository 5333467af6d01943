//! Arguments of compiled entry points whose types only rustc can compare.
//!
//! An entry point passes values to nodes as plain arguments where the tokens show that they fit. Where they do not,
//! it writes `ms::fit::<&[f64], _>(&series).give()`. rustc looks for `give` level by level, from one type to what it
//! dereferences to: for the very type, for what it dereferences to, for what that dereferences to. The last level
//! takes what does not fit, so that an entry point adds no error to the one that the node itself reports (see
//! `edge`), and the program does not compile in any case.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::edge::never;
use crate::entry::{EntryError, missing};
use crate::memory::Keyed;
use crate::node::Node;

/// What is given as `V` and wanted as `W`.
pub struct Same<V, W>(Flat<V, W>);
pub struct Flat<V, W>(Once<V, W>);
pub struct Once<V, W>(Twice<V, W>);
pub struct Twice<V, W>(Misfit<V, W>);
pub struct Misfit<V, W>(V, PhantomData<fn() -> W>);

/// The levels at which rustc looks for `give`.
pub fn fit<W, V>(value: V) -> Same<V, W> {
    Same(Flat(Once(Twice(Misfit(value, PhantomData)))))
}

macro_rules! levels {
    ($($upper:ident -> $lower:ident),*) => {$(
        impl<V, W> Deref for $upper<V, W> {
            type Target = $lower<V, W>;

            fn deref(&self) -> &$lower<V, W> {
                &self.0
            }
        }
    )*};
}

levels!(Same -> Flat, Flat -> Once, Once -> Twice, Twice -> Misfit);

impl<V, W> Same<V, W> {
    fn given(self) -> V {
        self.0.0.0.0.0
    }
}

impl<T> Same<T, T> {
    pub fn give(self) -> T {
        self.given()
    }
}

impl<'v, T, const N: usize> Same<&'v [T; N], &'v [T]> {
    pub fn give(self) -> &'v [T] {
        self.given()
    }
}

/// An option within an option: none inside is none outside.
impl<'v, T> Same<Option<&'v Option<T>>, Option<&'v T>> {
    pub fn give(self) -> Option<&'v T> {
        self.given().and_then(Option::as_ref)
    }
}

impl<T> Same<Option<Option<T>>, Option<T>> {
    pub fn give(self) -> Option<T> {
        self.given().flatten()
    }
}

impl<'v, P: Deref<Target = T>, T: ?Sized> Flat<Option<&'v Option<P>>, Option<&'v T>> {
    pub fn give(&self) -> Option<&'v T> {
        self.0.0.0.0.and_then(Option::as_deref)
    }
}

impl<'v, P: ?Sized + Deref<Target = T>, T: ?Sized> Once<&'v P, &'v T> {
    pub fn give(&self) -> &'v T {
        self.0.0.0
    }
}

impl<'v, P: ?Sized + Deref<Target = T>, T: ?Sized> Once<Option<&'v P>, Option<&'v T>> {
    pub fn give(&self) -> Option<&'v T> {
        self.0.0.0.map(|value| &**value)
    }
}

impl<'v, P: ?Sized + Deref, T: ?Sized> Twice<&'v P, &'v T>
where
    P::Target: Deref<Target = T> + 'v,
{
    pub fn give(&self) -> &'v T {
        self.0.0
    }
}

impl<'v, P: ?Sized + Deref, T: ?Sized> Twice<Option<&'v P>, Option<&'v T>>
where
    P::Target: Deref<Target = T> + 'v,
{
    pub fn give(&self) -> Option<&'v T> {
        self.0.0.map(|value| &***value)
    }
}

#[allow(clippy::unused_self, reason = "rustc looks for methods")]
impl<V, W> Misfit<V, W> {
    pub fn give(&self) -> W {
        never()
    }
}

/// Wanted of a map, by its keys.
pub struct OfMap<T>(PhantomData<T>);

impl<M: Keyed<T>, T> Same<&mut M, OfMap<T>> {
    /// What the map has under a key; without it node `N`, which yields the map, fails.
    pub fn take<N: Node>(self, key: &str) -> Result<T, EntryError> {
        let map = self.given();
        map.take_key(key).ok_or_else(|| missing::<N, T>(map, key))
    }
}

#[allow(clippy::unused_self, clippy::extra_unused_type_parameters, reason = "as where it fits")]
impl<M, T> Misfit<&mut M, OfMap<T>> {
    pub fn take<N: Node>(&self, _key: &str) -> Result<T, EntryError> {
        never()
    }
}

/// What is to be cloned.
pub struct Cloneable<'v, T>(NotCloneable<'v, T>);
pub struct NotCloneable<'v, T>(&'v T);

/// A value that is to be cloned, which not every value can be. If it cannot, the assertion beside it says so.
pub fn given<T>(value: &T) -> Cloneable<'_, T> {
    Cloneable(NotCloneable(value))
}

impl<'v, T> Deref for Cloneable<'v, T> {
    type Target = NotCloneable<'v, T>;

    fn deref(&self) -> &NotCloneable<'v, T> {
        &self.0
    }
}

impl<T: Clone> Cloneable<'_, T> {
    pub fn cloned(self) -> T {
        self.0.0.clone()
    }
}

#[allow(clippy::unused_self, reason = "rustc looks for methods")]
impl<T> NotCloneable<'_, T> {
    pub fn cloned(&self) -> T {
        never()
    }
}

/// A value that was made because the config selects a variant that needs it.
#[must_use]
pub fn made<T>(value: Option<T>) -> T {
    value.unwrap_or_else(never)
}
