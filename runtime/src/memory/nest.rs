//! Lists of lists: of the values of a node in a block within a block. On their way the inner lists are in boxes, one for
//! each item of the outer block, so all that a block does with items is there once for them and not for each type. Only
//! who asks for them or gives them has to do with a `Vec<Vec<T>>`.

use std::any::TypeId;

use crate::block::Parallelizable;
use crate::fault::Fault;
use crate::value_type::{Plain, ValueType};

use super::builder::ProgramBuilder;
use super::call::{Ended, Run};
use super::list::{Each, ListOps, each};
use super::parcel::Parcel;
use super::program::{Entry, OpKind, SlotId, id};
use super::raw::{Boxed, Cloner, Raw};

/// A `Vec<T>` as an item of the outer block.
pub(crate) struct InnerList(Boxed);

impl InnerList {
    pub(crate) const TYPE: &'static ValueType = Plain::<Self>::TYPE;
}

/// What can be done with a `Vec<Vec<T>>`.
#[derive(Debug)]
pub(crate) struct Nested {
    pub(crate) raw: &'static Raw,
    pub(crate) id: TypeId,
    pub(crate) each: Each,
    join: unsafe fn(Vec<InnerList>, *mut u8),
    part: unsafe fn(*mut u8) -> Vec<InnerList>,
}

impl Nested {
    pub(super) const fn of<T: Send + Sync + 'static>() -> Self {
        Self {
            raw: Raw::of_type::<Vec<Vec<T>>>(),
            id: TypeId::of::<Vec<Vec<T>>>(),
            each: each::<Vec<T>>,
            join: join::<T>,
            part: part::<T>,
        }
    }
}

impl ProgramBuilder {
    /// Puts a list of such elements in a box.
    pub(crate) fn box_list(
        &mut self,
        elements: &'static ListOps,
        list: SlotId,
        boxed: SlotId,
    ) -> Result<(), String> {
        let (from, to) = ((list, elements.vector.id), (boxed, InnerList::TYPE.type_id()));
        self.list_op(run_box, elements, from, to)
    }

    /// Takes a list of such elements out of its box.
    pub(crate) fn unbox_list(
        &mut self,
        elements: &'static ListOps,
        boxed: SlotId,
        list: SlotId,
    ) -> Result<(), String> {
        let (from, to) = ((boxed, InnerList::TYPE.type_id()), (list, elements.vector.id));
        self.list_op(run_unbox, elements, from, to)
    }

    /// Makes a list of lists of such elements of what a block has made of its items.
    pub(crate) fn join_lists(
        &mut self,
        elements: &'static ListOps,
        boxed: SlotId,
        lists: SlotId,
    ) -> Result<(), String> {
        let (from, to) = ((boxed, TypeId::of::<Vec<InnerList>>()), (lists, elements.nested.id));
        self.list_op(run_join, elements, from, to)
    }

    /// Makes a list of lists of such elements a source of items for a block.
    pub(crate) fn part_lists(
        &mut self,
        elements: &'static ListOps,
        lists: SlotId,
        source: SlotId,
    ) -> Result<(), String> {
        let (from, to) = ((lists, elements.nested.id), (source, TypeId::of::<Parallelizable<InnerList>>()));
        self.list_op(run_part, elements, from, to)
    }

    /// An operation that makes one thing of another.
    fn list_op(
        &mut self,
        run: Run,
        elements: &'static ListOps,
        (from, from_id): (SlotId, TypeId),
        (to, to_id): (SlotId, TypeId),
    ) -> Result<(), String> {
        self.same_type(from, from_id)?;
        self.same_type(to, to_id)?;
        let (op, at) = (id(self.ops.len()), id(self.entries.len()));
        self.take(op, from)?;
        self.entries.extend([Entry::Slot(from), Entry::Slot(to)]);
        self.push(run, std::ptr::from_ref(elements).cast(), at, OpKind::Call);
        self.fill(op, to)
    }
}

/// # Safety
/// `data` is to the [`ListOps`] of `T`, a `Vec<T>` is at the first pointer, which nobody uses afterwards, and there is room
/// for an [`InnerList`] at the second.
unsafe fn run_box(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let elements = &*data.cast::<ListOps>();
        let boxed = InnerList(elements.vector.raw.take(*at));
        (*at.add(1)).cast::<InnerList>().write(boxed);
    }
    None
}

/// # Safety
/// The other way round.
unsafe fn run_unbox(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    let put = unsafe {
        let elements = &*data.cast::<ListOps>();
        let boxed = (*at).cast::<InnerList>().read();
        elements.vector.raw.put(boxed.0, *at.add(1))
    };
    put.err().map(|_| Box::new(Fault::Misfit("an inner list is not of the items of its block".to_owned())))
}

/// # Safety
/// `data` is to the [`ListOps`] of `T`, a `Vec<InnerList>` is at the first pointer, which nobody uses afterwards, and there
/// is room for a `Vec<Vec<T>>` at the second.
unsafe fn run_join(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let elements = &*data.cast::<ListOps>();
        let boxed = (*at).cast::<Vec<InnerList>>().read();
        (elements.nested.join)(boxed, *at.add(1));
    }
    None
}

/// # Safety
/// `data` is to the [`ListOps`] of `T`, a `Vec<Vec<T>>` is at the first pointer, which nobody uses afterwards, and there is
/// room for a source of [`InnerList`]s at the second.
unsafe fn run_part(data: *const (), at: *const *mut u8) -> Ended {
    // SAFETY: the caller's promise.
    unsafe {
        let elements = &*data.cast::<ListOps>();
        let source = Parallelizable::ready((elements.nested.part)(*at), None);
        (*at.add(1)).cast::<Parallelizable<InnerList>>().write(source);
    }
    None
}

/// # Safety
/// There is room for a `Vec<Vec<T>>` at `place`.
unsafe fn join<T: Send + Sync + 'static>(boxed: Vec<InnerList>, place: *mut u8) {
    let mut lists: Vec<Vec<T>> = Vec::with_capacity(boxed.len());
    for InnerList(list) in boxed {
        // SAFETY: there is room for as many lists as there are boxes, and one counts once it is there.
        unsafe {
            let end = lists.as_mut_ptr().add(lists.len());
            if Raw::of_type::<Vec<T>>().put(list, end.cast()).is_ok() {
                lists.set_len(lists.len() + 1);
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe { place.cast::<Vec<Vec<T>>>().write(lists) }
}

/// # Safety
/// A `Vec<Vec<T>>` is at `place`, which nobody uses afterwards.
unsafe fn part<T: Send + Sync + 'static>(place: *mut u8) -> Vec<InnerList> {
    // SAFETY: the caller's promise.
    let mut lists = unsafe { place.cast::<Vec<Vec<T>>>().read() };
    let count = lists.len();
    // SAFETY: what counts no more is not used afterwards, but for being moved into boxes.
    unsafe { lists.set_len(0) };
    let mut boxed = Vec::with_capacity(count);
    for number in 0..count {
        // SAFETY: the same.
        boxed
            .push(InnerList(unsafe { Raw::of_type::<Vec<T>>().take(lists.as_mut_ptr().add(number).cast()) }));
    }
    boxed
}

/// Clones a list of lists.
///
/// # Safety
/// A `Vec<Vec<T>>` is at `from`, there is room for one at `to`, the elements are `T`, and `one` clones a `Vec<T>`.
pub(super) unsafe fn clone_lists(elements: &ListOps, from: *const u8, to: *mut u8, one: Cloner) {
    let mut boxed = Vec::new();
    // SAFETY: the caller's promise.
    let lists = unsafe { elements.nested.raw.see(from) };
    (elements.nested.each)(lists, &mut |list| {
        let clone = Parcel::new(elements.vector.raw);
        // SAFETY: the list is a `Vec<T>`, and there is room for one in the parcel, which has it no more afterwards.
        boxed.push(InnerList(unsafe {
            one.clone(std::ptr::from_ref(list).cast(), clone.place());
            elements.vector.raw.take(clone.place())
        }));
    });
    // SAFETY: the caller's promise.
    unsafe { (elements.nested.join)(boxed, to) }
}
