//! Tasks that nobody waits for any more: what they look at stays until they are over.

use std::any::TypeId;
use std::mem::MaybeUninit;

use crate::fault::{Fault, guard};
use crate::node::NodeValue;
use crate::sync::atomic::Ordering;
use crate::value::Value;

use super::frame::Frame;
use super::instance::{EMPTY, FULL, Instance};
use super::param::ErrorCell;
use super::program::{SlotId, TaskOps};
use super::shared::Entered;
use super::task::{Claimed, State};

impl Claimed<'_> {
    /// An attempt of the task that can be abandoned, if it is ready. There is one at a time.
    pub(crate) fn frame(&mut self, entered: &Entered<'_>) -> Option<Frame> {
        let is_its_own = std::ptr::eq(&raw const **entered, self.instance);
        if !self.is_ready() || !is_its_own {
            return None;
        }
        self.state = State::Lent;
        Some(Frame::new(entered.detach(), self.rank))
    }

    /// An attempt has come to its end.
    pub(crate) fn adopt(&mut self, mut frame: Frame) {
        if self.state != State::Lent || !frame.is_of(self.instance, self.rank) {
            return;
        }
        self.state = match (frame.is_made, frame.has_taken) {
            (true, _) => {
                frame.hand_over(self.instance, self.task);
                self.passed = self.task.drops;
                State::Made
            }
            (false, true) => {
                self.passed = self.task.drops;
                State::Barred
            }
            (false, false) => State::Ready,
        };
    }

    /// An attempt goes on without anybody waiting for it: it has what it needs for itself, beside the task. To be
    /// called before the attempt can know of it.
    pub(crate) fn abandon(&mut self) {
        if self.state != State::Lent {
            return;
        }
        // Another attempt may take what this one leaves alone.
        self.state = State::Ready;
        for read in self.instance.program.reads_of(self.task) {
            if self.instance.program.slots[read.slot as usize].uses > 0 {
                self.instance.uses[read.slot as usize].fetch_add(1, Ordering::Relaxed);
            }
            self.instance.strays[read.slot as usize].fetch_add(1, Ordering::Relaxed);
            if read.takes {
                self.state = State::Barred;
                // The attempt has it, or will.
                self.passed = self.task.drops;
                self.was_ready = false;
            }
        }
    }
}

impl Instance {
    /// The place for an error, by its number.
    pub(super) fn error_at(&self, number: u32) -> *mut ErrorCell {
        // SAFETY: there is one for each number.
        unsafe { self.errors.cast::<ErrorCell>().add(number as usize).as_ptr() }
    }

    /// What was in a slot has been taken by the one task that may.
    pub(super) fn mark_empty(&self, slot: SlotId) {
        self.states[slot as usize].store(EMPTY, Ordering::Release);
    }

    /// A task that nobody waits for is over.
    pub(super) fn release_stray(&self, task: &TaskOps) {
        for read in self.program.reads_of(task) {
            self.strays[read.slot as usize].fetch_sub(1, Ordering::Release);
        }
        // Nobody is told of a value that could not be dropped: the run may have been over for long.
        self.release(task, |_, _| ());
    }

    /// # Safety
    /// Nobody else takes anything out, and there are no tasks but strays.
    pub(super) unsafe fn take_beside<T: NodeValue>(&self, slot: SlotId) -> Option<T> {
        if self.program.value_type(slot).type_id() != TypeId::of::<T>() {
            return None;
        }
        let mut value = MaybeUninit::<T>::uninit();
        // SAFETY: it is of the slot's type; the rest is the caller's promise.
        unsafe { self.move_beside(slot, value.as_mut_ptr().cast()) }.ok()?;
        // SAFETY: it has been written.
        Some(unsafe { value.assume_init() })
    }

    /// # Safety
    /// As [`take_beside`](Self::take_beside).
    pub(super) unsafe fn take_boxed_beside(&self, slot: SlotId) -> Option<Value> {
        let ty = self.program.value_type(slot);
        let raw = self.raw(slot);
        let words =
            vec![0_u128; raw.size.div_ceil(size_of::<u128>()) + raw.align.div_ceil(size_of::<u128>())];
        let words = words.into_boxed_slice();
        let place = Box::into_raw(words);
        let start: *mut u8 = place.cast();
        // SAFETY: there is room for a value of the type, and for what its alignment may take.
        let aligned = unsafe { start.add(start.align_offset(raw.align)) };
        // SAFETY: there is room for a value of the slot's type; the rest is the caller's promise.
        let moved = unsafe { self.move_beside(slot, aligned) };
        // SAFETY: the value has been written there, and is not used afterwards.
        let boxed = moved.ok().map(|()| unsafe { raw.take(aligned) });
        // SAFETY: it was made of a box.
        drop(unsafe { Box::from_raw(place) });
        boxed.map(|boxed| Value::from_parts(boxed, ty))
    }

    /// Moves what is in a slot to another place, or clones it where a stray may look at it.
    ///
    /// # Safety
    /// As [`take_beside`](Self::take_beside), and there is room for a value of the slot's type.
    unsafe fn move_beside(&self, slot: SlotId, to: *mut u8) -> Result<(), Fault> {
        let missing = || Fault::Misfit("there is no such value".to_owned());
        if self.states[slot as usize].load(Ordering::Acquire) != FULL {
            return Err(missing());
        }
        let from = self.place(slot);
        if self.strays[slot as usize].load(Ordering::Acquire) == 0 {
            self.states[slot as usize].store(EMPTY, Ordering::Release);
            // SAFETY: the value is there, nobody uses it any more, and there is room for it.
            unsafe { from.copy_to_nonoverlapping(to, self.raw(slot).size) };
            return Ok(());
        }
        let cloner = *self.program.value_type(slot).cloner().ok_or_else(missing)?;
        // SAFETY: the value is there, strays only look at it, and there is room for another one.
        guard(|| unsafe { cloner.clone(from, to) })
    }
}
