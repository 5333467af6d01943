//! What can be done with a value of which only the place is known.

use std::any::Any;
use std::marker::PhantomData;

use crate::node::NodeValue;

use super::list::{CloneOne, ListOps};
use super::nest::clone_lists;

/// A value in a box of its own.
pub(crate) type Boxed = Box<dyn Any + Send + Sync>;

/// A type, as far as slots need it.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) size: usize,
    pub(crate) align: usize,
    /// Drops the value in place; `None` where that does nothing.
    pub(super) drop: Option<unsafe fn(*mut u8)>,
    /// Moves the value into a box.
    pub(super) take: unsafe fn(*mut u8) -> Boxed,
    /// Looks at the value.
    pub(super) see: unsafe fn(*const u8) -> *const (dyn Any + Send + Sync),
    /// Moves the value out of a box; gives the box back where it holds another type.
    pub(super) put: unsafe fn(Boxed, *mut u8) -> Result<(), Boxed>,
}

struct Of<T>(PhantomData<T>);

impl<T: NodeValue> Of<T> {
    const RAW: Raw = Raw {
        size: size_of::<T>(),
        align: align_of::<T>(),
        drop: if std::mem::needs_drop::<T>() { Some(drop_in_place::<T>) } else { None },
        take: take::<T>,
        see: see::<T>,
        put: put::<T>,
    };
}

impl ListOps {
    pub(crate) const fn of_slot<T>(slot: &SlotOf<T>) -> &'static Self {
        slot.lists
    }
}

impl Raw {
    pub(crate) const fn of_type<T: Send + Sync + 'static>() -> &'static Self {
        &Of::<T>::RAW
    }

    pub(crate) const fn of<T>(slot: &SlotOf<T>) -> &'static Self {
        slot.raw
    }
}

/// # Safety
/// A `T` is at `place`, and nobody uses it afterwards.
unsafe fn drop_in_place<T>(place: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { place.cast::<T>().drop_in_place() }
}

/// # Safety
/// A `T` is at `place`, and nobody uses it afterwards.
unsafe fn take<T: NodeValue>(place: *mut u8) -> Boxed {
    // SAFETY: the caller's promise.
    unsafe { place.cast::<T>().read() }.erase()
}

/// # Safety
/// A `T` is at `place`.
unsafe fn see<T: NodeValue>(place: *const u8) -> *const (dyn Any + Send + Sync) {
    // SAFETY: the caller's promise.
    std::ptr::from_ref(unsafe { &*place.cast::<T>() }.see())
}

/// # Safety
/// There is room for a `T` at `place`.
unsafe fn put<T: NodeValue>(boxed: Boxed, place: *mut u8) -> Result<(), Boxed> {
    let value = T::restore(boxed)?;
    // SAFETY: the caller's promise.
    unsafe { place.cast::<T>().write(value) };
    Ok(())
}

/// That a type can be the value of a node, and what slots need of it.
#[derive(Debug)]
pub struct SlotOf<T> {
    raw: &'static Raw,
    lists: &'static ListOps,
    of: PhantomData<fn() -> T>,
}

impl<T: NodeValue> SlotOf<T> {
    /// What slots need of `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self { raw: &Of::<T>::RAW, lists: T::LISTS, of: PhantomData }
    }
}

impl<T: NodeValue> Default for SlotOf<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// That a type can be cloned, and how.
#[derive(Debug)]
pub struct CloneOf<T> {
    raw: CloneOne,
    of: PhantomData<fn() -> T>,
}

impl<T: NodeValue + Clone> CloneOf<T> {
    /// The clone of `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self { raw: clone::<T>, of: PhantomData }
    }
}

impl<T: NodeValue + Clone> Default for CloneOf<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// # Safety
/// A `T` is at `from`, and there is room for another one at `to`.
unsafe fn clone<T: Clone>(from: *const u8, to: *mut u8) {
    // SAFETY: the caller's promise.
    let clone = unsafe { &*from.cast::<T>() }.clone();
    // SAFETY: the caller's promise.
    unsafe { to.cast::<T>().write(clone) };
}

/// How a value is cloned, whose type is known elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cloner(How);

#[derive(Clone, Copy, Debug)]
enum How {
    Value(CloneOne),
    /// A list whose elements are cloned so.
    List(&'static ListOps, CloneOne),
    /// A list of lists of elements that are cloned so.
    Lists(&'static ListOps, CloneOne),
}

impl Cloner {
    pub(crate) const fn of<T>(clone: &CloneOf<T>) -> Self {
        Self(How::Value(clone.raw))
    }

    /// How a list is cloned whose elements are cloned like this.
    pub(crate) fn list(self, lists: &'static ListOps) -> Option<Self> {
        match self.0 {
            How::Value(element) => Some(Self(How::List(lists, element))),
            How::List(lists, element) => Some(Self(How::Lists(lists, element))),
            How::Lists(..) => None,
        }
    }

    /// # Safety
    /// A value of the type is at `from`, and there is room for another one at `to`.
    pub(super) unsafe fn clone(self, from: *const u8, to: *mut u8) {
        match self.0 {
            // SAFETY: the caller's promise.
            How::Value(clone) => unsafe { clone(from, to) },
            // SAFETY: the caller's promise.
            How::List(lists, element) => unsafe { (lists.clone)(from, to, element) },
            // SAFETY: the same.
            How::Lists(lists, element) => unsafe { clone_lists(lists, from, to, element) },
        }
    }
}

/// That a type can be copied.
#[derive(Debug)]
pub struct CopyOf<T>(PhantomData<fn() -> T>);

impl<T: Copy> CopyOf<T> {
    /// The copy of `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Copy> Default for CopyOf<T> {
    fn default() -> Self {
        Self::new()
    }
}
