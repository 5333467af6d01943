//! Lists of values and sources of items, of which only the engine knows where they are.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use crate::block::Parallelizable;
use crate::error::NodeError;

use super::call::{Ended, Run};
use super::nest::Nested;
use super::param::ErrorCell;
use super::raw::Raw;

/// Clones an element.
pub(super) type CloneOne = unsafe fn(*const u8, *mut u8);

/// Shows the elements of a list.
pub(crate) type Each = fn(&dyn Any, &mut dyn FnMut(&dyn Any));

/// The same operation for one memory after another, at the same place in their tables. The number of the one at work is
/// noted.
pub(super) type RunAbreast = unsafe fn(&[*const *mut u8], usize, &Cell<usize>) -> Ended;

/// What can be done with a `Vec`, whatever is in it.
#[derive(Debug)]
pub(crate) struct Vector {
    pub(crate) raw: &'static Raw,
    pub(crate) id: TypeId,
    pub(super) new: unsafe fn(*mut u8),
    pub(super) append: unsafe fn(*mut u8, *mut u8),
}

impl Vector {
    const fn of<T: Send + Sync + 'static>() -> Self {
        Self { raw: Raw::of_type::<Vec<T>>(), id: TypeId::of::<Vec<T>>(), new: new::<T>, append: append::<T> }
    }
}

/// What can be done with a `Vec<Result<T, NodeError>>`.
#[derive(Debug)]
pub(crate) struct ResultOps {
    pub(crate) vector: Vector,
    /// The operation that puts a value into such a list, or the error in its place.
    pub(super) push: Run,
}

/// What can be done with a `Vec<T>`, a `Parallelizable<T>` and a `Vec<Vec<T>>`.
#[derive(Debug)]
pub struct ListOps {
    pub(crate) vector: Vector,
    pub(crate) results: ResultOps,
    pub(crate) source: &'static Raw,
    pub(crate) source_id: TypeId,
    /// The operation that puts a value into a list.
    pub(super) push: Run,
    pub(super) push_abreast: RunAbreast,
    pub(super) clone: unsafe fn(*const u8, *mut u8, CloneOne),
    /// The operation that takes an item from a source.
    pub(super) pull: Run,
    pub(super) pull_abreast: RunAbreast,
    pub(super) pull_few: unsafe fn(*mut u8, usize, *mut u8) -> usize,
    /// Whether `pull_few` gives at once whether there is an item.
    pub(super) poll: unsafe fn(*mut u8, &mut Context<'_>) -> Poll<()>,
    /// Whether a source is a stream.
    pub(super) is_stream: unsafe fn(*const u8) -> bool,
    /// How many items of a source may be alive at once, if it says so.
    pub(super) most: unsafe fn(*const u8) -> Option<usize>,
    pub(super) source_of: unsafe fn(*mut u8, *mut u8),
    pub(crate) each: Each,
    pub(crate) nested: Nested,
}

struct Of<T>(PhantomData<T>);

impl<T: Send + Sync + 'static> Of<T> {
    const OPS: ListOps = ListOps {
        vector: Vector::of::<T>(),
        results: ResultOps { vector: Vector::of::<Result<T, NodeError>>(), push: push_result::<T> },
        source: Raw::of_type::<Parallelizable<T>>(),
        source_id: TypeId::of::<Parallelizable<T>>(),
        push: push::<T>,
        push_abreast: push_abreast::<T>,
        clone: clone::<T>,
        pull: pull::<T>,
        pull_abreast: pull_abreast::<T>,
        pull_few: pull_few::<T>,
        poll: poll::<T>,
        is_stream: is_stream::<T>,
        most: most::<T>,
        source_of: source_of::<T>,
        each: each::<T>,
        nested: Nested::of::<T>(),
    };
}

impl ListOps {
    pub(crate) const fn of<T: Send + Sync + 'static>() -> &'static Self {
        &Of::<T>::OPS
    }
}

/// # Safety
/// There is room for a `Vec<T>` at `place`.
unsafe fn new<T>(place: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { place.cast::<Vec<T>>().write(Vec::new()) }
}

/// # Safety
/// A `Vec<T>` is at the first pointer, which nobody else uses, and a `T` at the second, which nobody uses afterwards.
unsafe fn push<T>(_: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let (list, value) = unsafe { (&mut *(*at).cast::<Vec<T>>(), (*at.add(1)).cast::<T>().read()) };
    list.push(value);
    None
}

/// # Safety
/// The same for each of the tables; the list is the same.
unsafe fn push_abreast<T>(tables: &[*const *mut u8], at: usize, lane: &Cell<usize>) -> Ended {
    let first = tables.first()?;
    // SAFETY: the caller's promise.
    let list = unsafe { &mut *(*first.add(at)).cast::<Vec<T>>() };
    lane.set(0);
    list.reserve(tables.len());
    for (number, table) in tables.iter().enumerate() {
        lane.set(number);
        // SAFETY: the caller's promise.
        list.push(unsafe { (*table.add(at + 1)).cast::<T>().read() });
    }
    None
}

/// # Safety
/// A list of results is at the first pointer, which nobody else uses; the third is to the cell of an error, and if there
/// is none, there is a `T` at the second, which nobody uses afterwards.
unsafe fn push_result<T>(_: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let (list, error) = unsafe {
        (&mut *(*at).cast::<Vec<Result<T, NodeError>>>(), (*(*at.add(2)).cast::<ErrorCell>()).get())
    };
    list.push(match error {
        Some(error) => Err(error.clone()),
        // SAFETY: the caller's promise.
        None => Ok(unsafe { (*at.add(1)).cast::<T>().read() }),
    });
    None
}

/// # Safety
/// A `Vec<T>` is at `list`, which nobody else uses, and one at `other`, which nobody uses afterwards.
unsafe fn append<T>(list: *mut u8, other: *mut u8) {
    // SAFETY: the caller's promise.
    let (list, mut other) = unsafe { (&mut *list.cast::<Vec<T>>(), other.cast::<Vec<T>>().read()) };
    if list.is_empty() {
        *list = other;
    } else {
        list.append(&mut other);
    }
}

/// # Safety
/// A `Vec<T>` is at `from`, there is room for one at `to`, and `element` clones a `T`.
unsafe fn clone<T>(from: *const u8, to: *mut u8, element: CloneOne) {
    // SAFETY: the caller's promise.
    let from = unsafe { &*from.cast::<Vec<T>>() };
    let mut list: Vec<T> = Vec::with_capacity(from.len());
    for value in from {
        let mut place = std::mem::MaybeUninit::<T>::uninit();
        // SAFETY: the caller's promise; afterwards there is a value at the place.
        let value = unsafe {
            element(std::ptr::from_ref(value).cast(), place.as_mut_ptr().cast());
            place.assume_init()
        };
        list.push(value);
    }
    // SAFETY: the caller's promise.
    unsafe { to.cast::<Vec<T>>().write(list) }
}

/// # Safety
/// A `Parallelizable<T>` is at the first pointer, which nobody else uses, and at the second there is room for a `T`.
unsafe fn pull<T>(_: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let source = unsafe { &mut *(*at).cast::<Parallelizable<T>>() };
    match source.next() {
        Ok(item) => {
            // SAFETY: the caller's promise.
            unsafe { (*at.add(1)).cast::<T>().write(item) };
            None
        }
        Err(none) => Some(none),
    }
}

/// # Safety
/// The same for each of the tables; the source is the same.
unsafe fn pull_abreast<T>(tables: &[*const *mut u8], at: usize, lane: &Cell<usize>) -> Ended {
    let first = tables.first()?;
    // SAFETY: the caller's promise.
    let source = unsafe { &mut *(*first.add(at)).cast::<Parallelizable<T>>() };
    for (number, table) in tables.iter().enumerate() {
        lane.set(number);
        match source.next() {
            // SAFETY: the caller's promise.
            Ok(item) => unsafe { (*table.add(at + 1)).cast::<T>().write(item) },
            Err(none) => return Some(none),
        }
    }
    None
}

/// Moves up to `most` items to a source of their own, and says how many. A failure is an item by itself.
///
/// # Safety
/// A `Parallelizable<T>` is at `source`, which nobody else uses, and there is room for one at `place`.
unsafe fn pull_few<T: Send + 'static>(source: *mut u8, most: usize, place: *mut u8) -> usize {
    // SAFETY: the caller's promise.
    let source = unsafe { &mut *source.cast::<Parallelizable<T>>() };
    let mut few = Vec::new();
    let failure = source.next_few(most, &mut few);
    let count = few.len() + usize::from(failure.is_some());
    // SAFETY: the caller's promise.
    unsafe { place.cast::<Parallelizable<T>>().write(Parallelizable::ready(few, failure)) };
    count
}

/// # Safety
/// A `Parallelizable<T>` is at `source`, which nobody else uses.
unsafe fn poll<T>(source: *mut u8, context: &mut Context<'_>) -> Poll<()> {
    // SAFETY: the caller's promise.
    unsafe { &mut *source.cast::<Parallelizable<T>>() }.poll(context)
}

/// # Safety
/// A `Parallelizable<T>` is at `source`, which nobody changes meanwhile.
unsafe fn is_stream<T>(source: *const u8) -> bool {
    // SAFETY: the caller's promise.
    unsafe { &*source.cast::<Parallelizable<T>>() }.is_stream()
}

/// # Safety
/// A `Parallelizable<T>` is at `source`, which nobody changes meanwhile.
unsafe fn most<T>(source: *const u8) -> Option<usize> {
    // SAFETY: the caller's promise.
    unsafe { &*source.cast::<Parallelizable<T>>() }.most()
}

/// Makes a list a source of its elements.
///
/// # Safety
/// A `Vec<T>` is at `list`, which nobody uses afterwards, and there is room for a `Parallelizable<T>` at `place`.
unsafe fn source_of<T: Send + 'static>(list: *mut u8, place: *mut u8) {
    // SAFETY: the caller's promise.
    let list = unsafe { list.cast::<Vec<T>>().read() };
    // SAFETY: the caller's promise.
    unsafe { place.cast::<Parallelizable<T>>().write(Parallelizable::ready(list, None)) }
}

pub(super) fn each<T: 'static>(list: &dyn Any, see: &mut dyn FnMut(&dyn Any)) {
    for value in list.downcast_ref::<Vec<T>>().into_iter().flatten() {
        see(value);
    }
}
