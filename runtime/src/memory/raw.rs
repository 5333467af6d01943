//! What can be done with a value of which only the place is known.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::ptr::{NonNull, without_provenance_mut};

use crate::node::NodeValue;

use super::list::{CloneOne, ListOps};
use super::nest::clone_lists;

/// A value in a box of its own.
pub(crate) type Boxed = Box<dyn Any + Send + Sync>;

/// A type, as far as slots need it. What there is for each type costs its users time to build, so it is little.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) size: usize,
    pub(crate) align: usize,
    id: TypeId,
    /// Drops the value in place; `None` where that does nothing.
    pub(super) drop: Option<unsafe fn(*mut u8)>,
    /// Says of what is at a pointer that it is a value of the type.
    widen: fn(*mut u8) -> *mut (dyn Any + Send + Sync),
}

struct Of<T>(PhantomData<T>);

impl<T: NodeValue> Of<T> {
    const RAW: Raw = Raw {
        size: size_of::<T>(),
        align: align_of::<T>(),
        id: TypeId::of::<T>(),
        drop: if std::mem::needs_drop::<T>() { Some(drop_in_place::<T>) } else { None },
        widen: |place| T::widen(place.cast()),
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

    fn layout(&self) -> Layout {
        // SAFETY: size and alignment are those of a type.
        unsafe { Layout::from_size_align_unchecked(self.size, self.align) }
    }

    /// Memory for a value of the type, as a box of it would have.
    pub(super) fn allocate(&self) -> NonNull<u8> {
        let place = if self.size == 0 {
            without_provenance_mut(self.align)
        } else {
            // SAFETY: the size is not zero.
            unsafe { alloc(self.layout()) }
        };
        NonNull::new(place).unwrap_or_else(|| handle_alloc_error(self.layout()))
    }

    /// Gives it back.
    ///
    /// # Safety
    /// It was allocated for this type, and is not used afterwards.
    pub(super) unsafe fn deallocate(&self, place: NonNull<u8>) {
        if self.size > 0 {
            // SAFETY: the caller's promise.
            unsafe { dealloc(place.as_ptr(), self.layout()) }
        }
    }

    /// Moves a value into a box.
    ///
    /// # Safety
    /// A value of the type is at `place`, and nobody uses it afterwards.
    pub(super) unsafe fn take(&self, place: *mut u8) -> Boxed {
        let room = self.allocate().as_ptr();
        // SAFETY: the caller's promise; a box of the type has such memory.
        unsafe {
            room.copy_from_nonoverlapping(place, self.size);
            Box::from_raw((self.widen)(room))
        }
    }

    /// Moves a value out of a box; gives the box back where it holds another type.
    ///
    /// # Safety
    /// There is room for a value of the type at `place`.
    pub(super) unsafe fn put(&self, boxed: Boxed, place: *mut u8) -> Result<(), Boxed> {
        if (*boxed).type_id() != self.id {
            return Err(boxed);
        }
        // SAFETY: a value of the type is in the box, and what is left of that is memory for one; the rest is the
        // caller's promise.
        unsafe {
            let value = NonNull::new_unchecked(Box::into_raw(boxed)).cast::<u8>();
            place.copy_from_nonoverlapping(value.as_ptr(), self.size);
            self.deallocate(value);
        }
        Ok(())
    }

    /// Looks at a value.
    ///
    /// # Safety
    /// A value of the type is at `place`, and nobody changes it for `'v`.
    pub(super) unsafe fn see<'v>(&self, place: *const u8) -> &'v (dyn Any + Send + Sync) {
        // SAFETY: the caller's promise.
        unsafe { &*(self.widen)(place.cast_mut()) }
    }
}

/// # Safety
/// A `T` is at `place`, and nobody uses it afterwards.
unsafe fn drop_in_place<T>(place: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { place.cast::<T>().drop_in_place() }
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
    /// A list of lists, each of which is cloned so.
    Lists(&'static ListOps, &'static Cloner),
}

impl Cloner {
    pub(crate) const fn of<T>(clone: &CloneOf<T>) -> Self {
        Self(How::Value(clone.raw))
    }

    /// How a list is cloned whose elements are cloned like this.
    pub(crate) fn list(&'static self, lists: &'static ListOps) -> Self {
        Self(match self.0 {
            How::Value(element) => How::List(lists, element),
            How::List(..) | How::Lists(..) => How::Lists(lists, self),
        })
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
            How::Lists(lists, list) => unsafe { clone_lists(lists, from, to, *list) },
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
