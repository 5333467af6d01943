//! The memory of one run.

use std::alloc::{alloc, dealloc, handle_alloc_error};
use std::any::TypeId;
use std::cell::Cell;
use std::ops::Range;
use std::ptr::{NonNull, null_mut, without_provenance_mut};
use std::sync::Arc;

use crate::error::NodeError;
use crate::fault::{Fault, guard};
use crate::node::NodeValue;
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Ordering};
use crate::value::{Value, ValueView};

use crate::context::Here;

use super::ahead::NOWHERE;
use super::block::takes_stream;
use super::listen::{BegunItem, LeftAt, NOT_IN_ORDER};
use super::param::ErrorCell;
use super::program::{Entry, OpKind, Place, Program, SlotId};
use super::raw::Raw;

/// The memory of a program, for one run after another.
pub(crate) struct Instance {
    pub(super) program: Arc<Program>,
    memory: NonNull<u8>,
    /// The pointers of the program's entries, for this memory.
    table: NonNull<[*mut u8]>,
    /// Where the errors are that are handed on as values.
    pub(super) errors: NonNull<[ErrorCell]>,
    /// Which run it is, and where in it.
    pub(super) here: NonNull<Here>,
    /// The values of others.
    imports: Box<[*mut u8]>,
    /// What is in the slots, but for the time that [`run`](Self::run) takes.
    pub(super) states: Box<[AtomicU8]>,
    /// For each slot by how many tasks it is still needed, where that is counted.
    pub(super) uses: Box<[AtomicU32]>,
    /// For each slot how many tasks look at it that nobody waits for.
    pub(super) strays: Box<[AtomicU32]>,
    /// For each task whether somebody runs it, or has.
    pub(super) claimed: Box<[AtomicBool]>,
    /// Whether tasks are run one by one.
    pub(super) by_task: bool,
    /// How far a run has come in order, task by task.
    pub(super) order: AtomicUsize,
    /// At which operation a task was left that waits.
    pub(super) waits_at: AtomicUsize,
    /// What of it was left.
    pub(super) left_at: Option<LeftAt>,
    /// The item that it is at, if somebody listens.
    pub(super) item: Option<BegunItem>,
    /// Whether several items may be in it at once.
    pub(super) may_go_abreast: bool,
    /// What is missing of the imports, and why.
    pub(super) missing: Arc<[(SlotId, NodeError)]>,
    /// More of it, for them.
    pub(super) lanes: Vec<Instance>,
    /// The operation on which a run of all in order has stopped, until somebody has seen to what it has left.
    pub(super) stopped: Option<usize>,
}

// SAFETY: the values in it are `Send + Sync`, and so is the program, to which the other pointers are.
unsafe impl Send for Instance {}
// SAFETY: the same; what changes behind a shared reference is guarded as the module says.
unsafe impl Sync for Instance {}

/// What is in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotState {
    /// Nothing yet, or nothing any more.
    Empty,
    /// A value.
    Full,
    /// Nothing, and nothing will come: what was to fill it has failed, or could not run.
    Missing,
    /// Nothing, and nothing will come: nobody needs it.
    Unneeded,
}

pub(super) const EMPTY: u8 = 0;
pub(super) const FULL: u8 = 1;
pub(super) const MISSING: u8 = 2;
pub(super) const UNNEEDED: u8 = 3;

/// That a run has stopped at an operation.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) op: usize,
    pub(crate) fault: Fault,
}

impl Instance {
    pub(crate) fn new(program: Arc<Program>) -> Self {
        // SAFETY: nothing is imported.
        unsafe { Self::with(program, &[]) }
    }

    /// An instance of a program that imports values.
    ///
    /// # Safety
    /// The pointers are to values of the types that the program imports, in that order, which are there and are
    /// not changed by others for as long as the instance is used; of lists and sources it is the only user.
    pub(super) unsafe fn with(program: Arc<Program>, imports: &[*mut u8]) -> Self {
        let layout = program.layout;
        let memory = if layout.size() == 0 {
            without_provenance_mut(layout.align())
        } else {
            // SAFETY: the size is not zero.
            unsafe { alloc(layout) }
        };
        let Some(memory) = NonNull::new(memory) else { handle_alloc_error(layout) };
        // Not a box any more: it has pointers to itself, which a box would not allow for.
        let table = NonNull::from(Box::leak(vec![null_mut(); program.entries.len()].into_boxed_slice()));
        let first: *mut *mut u8 = table.as_ptr().cast();
        let errors: Box<[ErrorCell]> = (0..program.errors).map(|_| ErrorCell::new()).collect();
        // The table points to these, so they are no box either.
        let errors = NonNull::from(Box::leak(errors));
        let here = NonNull::from(Box::leak(Box::<Here>::default()));
        for (at, entry) in program.entries.iter().enumerate() {
            let pointer = match *entry {
                Entry::Null => null_mut(),
                Entry::Slot(slot) => match program.slots[slot as usize].place {
                    // SAFETY: the layout has room for the slot at its offset.
                    Place::Own(offset) => unsafe { memory.add(offset).as_ptr() },
                    Place::Import(number) => imports[number],
                },
                // SAFETY: there is one for each number.
                Entry::Error(at) => unsafe { errors.cast::<ErrorCell>().add(at as usize).as_ptr().cast() },
                Entry::Here => here.as_ptr().cast(),
                // SAFETY: within the table.
                Entry::Table(at) => unsafe { first.add(at as usize).cast() },
                Entry::Number(number) => without_provenance_mut(number),
                Entry::Names(names) => names.cast_mut().cast(),
            };
            // SAFETY: within the table.
            unsafe { first.add(at).write(pointer) };
        }
        let states: Box<[AtomicU8]> = program.slots.iter().map(|_| AtomicU8::new(EMPTY)).collect();
        let uses = program.slots.iter().map(|slot| AtomicU32::new(slot.uses)).collect();
        let strayed = if program.may_stray { program.slots.len() } else { 0 };
        let strays = (0..strayed).map(|_| AtomicU32::new(0)).collect();
        let claimed = program.tasks.iter().map(|_| AtomicBool::new(false)).collect();
        for slot in &program.imported {
            let state: &AtomicU8 = &states[*slot as usize];
            state.store(FULL, Ordering::Relaxed);
        }
        Self {
            program,
            memory,
            table,
            errors,
            here,
            imports: imports.into(),
            states,
            uses,
            strays,
            claimed,
            by_task: false,
            order: AtomicUsize::new(NOT_IN_ORDER),
            waits_at: AtomicUsize::new(NOWHERE),
            left_at: None,
            item: None,
            may_go_abreast: false,
            missing: Arc::default(),
            lanes: Vec::new(),
            stopped: None,
        }
    }

    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Puts a value into a slot that the caller is to fill.
    ///
    /// # Errors
    /// Gives it back where the slot is full, or of another type.
    pub(crate) fn put_boxed(&mut self, slot: SlotId, value: Value) -> Result<(), Value> {
        let ty = self.program.value_type(slot);
        if !self.awaits(slot) || ty.type_id() != value.value_type().type_id() {
            return Err(value);
        }
        let (boxed, given) = value.into_parts();
        // SAFETY: there is room for a value of this type, and nothing in it.
        let put = unsafe { self.raw(slot).put(boxed, self.place(slot)) };
        put.map_err(|boxed| Value::from_parts(boxed, given))?;
        self.set(slot, FULL);
        Ok(())
    }

    /// Takes out what is left in a slot after a run.
    pub(crate) fn take<T: NodeValue>(&mut self, slot: SlotId) -> Option<T> {
        if !self.is_full(slot) || self.program.value_type(slot).type_id() != TypeId::of::<T>() {
            return None;
        }
        self.set(slot, EMPTY);
        // SAFETY: a `T` was there, and is not any more.
        Some(unsafe { self.place(slot).cast::<T>().read() })
    }

    /// The same in a box.
    pub(crate) fn take_boxed(&mut self, slot: SlotId) -> Option<Value> {
        if !self.is_full(slot) {
            return None;
        }
        let ty = self.program.value_type(slot);
        self.set(slot, EMPTY);
        // SAFETY: a value of this type was there, and is not any more.
        let boxed = unsafe { self.raw(slot).take(self.place(slot)) };
        Some(Value::from_parts(boxed, ty))
    }

    /// What is in a slot.
    pub(crate) fn state(&self, slot: SlotId) -> SlotState {
        match self.states[slot as usize].load(Ordering::Acquire) {
            FULL => SlotState::Full,
            MISSING => SlotState::Missing,
            UNNEEDED => SlotState::Unneeded,
            _ => SlotState::Empty,
        }
    }

    /// Runs all operations in order, as far as they succeed; `dropped` is told of values that could not be dropped.
    ///
    /// After the last operation what is left can be taken. Where one has failed, the caller either
    /// [gives up](Self::give_up) or [goes on by task](Self::go_on_by_task).
    pub(crate) fn run(&mut self, mut dropped: impl FnMut(SlotId, Fault)) -> Option<Stop> {
        if self.by_task
            || !self.program.is_in_order()
            || !self.program.supplied.iter().all(|slot| self.is_full(*slot))
        {
            return None;
        }
        let mut from = 0;
        while let Some(stop) = self.run_ops(from..self.program.ops.len()) {
            let OpKind::Drop(slot) = self.program.kind(stop.op) else {
                self.stopped = Some(stop.op);
                return Some(stop);
            };
            dropped(slot, stop.fault);
            from = stop.op + 1;
        }
        self.all_have_run();
        None
    }

    /// Says of what was supplied that it is used up, and of what is left that it is there.
    pub(super) fn all_have_run(&mut self) {
        let Self { program, states, .. } = self;
        for slot in &program.supplied {
            states[*slot as usize].store(EMPTY, Ordering::Relaxed);
        }
        for slot in &program.left {
            states[*slot as usize].store(FULL, Ordering::Relaxed);
        }
    }

    /// Runs operations one after another as long as they succeed.
    pub(super) fn run_ops(&self, range: Range<usize>) -> Option<Stop> {
        // SAFETY: it is the table for all operations; see the module.
        unsafe { run_ops(&self.program, range, self.table(), 0) }
    }

    /// Runs all operations in order again and again, until one fails, or as often as it is to: once for each item of a
    /// block. Says how many times it came to the end, and where it stopped. `first` is the number of the first item.
    pub(super) fn run_again(&mut self, first: usize, most: usize) -> (usize, Option<Stop>) {
        let (at, times, here) = (Cell::new(0), Cell::new(0), self.here());
        let keeper = here.keeper().filter(|keeper| keeper.may_end());
        here.set_item(first);
        let ops = &self.program.ops;
        let table = self.table();
        let ended = guard(|| {
            while times.get() < most {
                for (number, op) in ops.iter().enumerate() {
                    at.set(number);
                    // SAFETY: the program was checked; see the module. It leaves nothing behind, so it can begin again.
                    let ended = unsafe { (op.run)(op.data, table.add(op.at as usize)) };
                    if ended.is_some() {
                        return ended;
                    }
                }
                times.set(times.get() + 1);
                here.set_item(first + times.get());
                if keeper.is_some_and(|keeper| keeper.is_over()) {
                    at.set(0);
                    return Some(Box::new(Fault::Stopped));
                }
            }
            None
        });
        let fault = match ended {
            Ok(None) => return (times.get(), None),
            Ok(Some(fault)) => *fault,
            Err(fault) => fault,
        };
        self.stopped = Some(at.get());
        (times.get(), Some(Stop { op: at.get(), fault }))
    }

    /// Whether an operation that takes an item from a source finds none.
    pub(super) fn is_at_end(&mut self, op: usize) -> bool {
        let ended = self.run_ops(op..op + 1);
        if ended.is_none() {
            let program = Arc::clone(&self.program);
            for effect in program.effects.iter().filter(|effect| effect.op as usize == op && effect.fills) {
                let _ = self.drop_slot(effect.slot);
            }
        }
        matches!(ended, Some(Stop { fault: Fault::End, .. }))
    }

    /// Drops what is full after a run has stopped on an operation.
    pub(crate) fn give_up(&mut self, mut dropped: impl FnMut(SlotId, Fault)) {
        let full = match (self.left_at.take(), self.stopped.take()) {
            (Some(left), _) => self.full_at(&left),
            (None, Some(op)) => self.full_after(op + 1, op),
            (None, None) => return,
        };
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
        let program = Arc::clone(&self.program);
        for slot in &program.supplied {
            self.set(*slot, EMPTY);
        }
        for slot in (0..).zip(full).filter_map(|(slot, full)| full.then_some(slot)) {
            if let Err(fault) = self.drop_slot(slot) {
                dropped(slot, fault);
            }
        }
    }

    /// Which slots are full after the operations before `passed`, if what those from `made` on have filled is not.
    /// Those that were supplied are marked so.
    pub(super) fn full_after(&self, passed: usize, made: usize) -> Vec<bool> {
        let mut full = vec![false; self.program.slots.len()];
        for slot in &self.program.supplied {
            full[*slot as usize] = self.is_full(*slot);
        }
        let effects = self.program.effects.iter().take_while(|effect| (effect.op as usize) < passed);
        for effect in effects.filter(|effect| !effect.fills || (effect.op as usize) < made) {
            full[effect.slot as usize] = effect.fills;
        }
        full
    }

    /// Drops all values that are left, and makes ready for another run.
    pub(crate) fn reset(&mut self) {
        self.leave_waiting();
        self.give_up(|_, _| ());
        self.leave_order();
        if !std::mem::replace(&mut self.by_task, false) {
            for slot in self.program.supplied.iter().chain(&self.program.left) {
                self.discard(*slot);
            }
            return;
        }
        for (slot, info) in (0..).zip(&self.program.slots) {
            if info.is_import() {
                continue;
            }
            self.discard(slot);
            self.uses[slot as usize].store(info.uses, Ordering::Relaxed);
        }
        for claimed in &self.claimed {
            claimed.store(false, Ordering::Relaxed);
        }
        // SAFETY: nobody else uses the instance.
        for error in unsafe { self.errors.as_mut() } {
            error.take();
        }
    }

    /// Empties a slot, whatever is in it, where nobody else uses the instance.
    fn discard(&self, slot: SlotId) {
        let was_full = self.is_full(slot);
        self.states[slot as usize].store(EMPTY, Ordering::Relaxed);
        if was_full {
            let _ = self.drop_slot(slot);
        }
    }

    /// Drops the value of a slot, which is full and which nobody uses any more.
    pub(super) fn drop_slot(&self, slot: SlotId) -> Result<(), Fault> {
        match self.raw(slot).drop {
            // SAFETY: the value is there, and is not used afterwards.
            Some(drop) => guard(|| unsafe { drop(self.place(slot)) }),
            None => Ok(()),
        }
    }

    /// Where the error is of what was to fill a slot, if somebody takes it for the value.
    pub(super) fn error(&self, slot: SlotId) -> Option<&ErrorCell> {
        let at = self.program.slots[slot as usize].error?;
        // SAFETY: there is one for each number, and they live as long as the instance.
        Some(unsafe { self.errors.cast::<ErrorCell>().add(at as usize).as_ref() })
    }

    /// Which run it is, and where in it.
    pub(crate) fn here(&self) -> &Here {
        // SAFETY: it lives as long as the instance, and is changed only by who has that for himself.
        unsafe { self.here.as_ref() }
    }

    /// Says which run it is.
    pub(crate) fn set_here(&mut self, here: Here) {
        // SAFETY: nobody else uses the instance.
        unsafe { *self.here.as_ptr() = here }
    }

    /// The value in a slot, where somebody has seen that it is full.
    ///
    /// # Safety
    /// It is, and stays so for as long as the value is looked at.
    pub(super) unsafe fn value_at(&self, slot: SlotId) -> ValueView<'_> {
        // SAFETY: the caller's promise.
        let any = unsafe { self.raw(slot).see(self.place_to_look(slot)) };
        ValueView::new(any, self.program.value_type(slot))
    }

    pub(super) fn raw(&self, slot: SlotId) -> &'static Raw {
        self.program.slots[slot as usize].raw
    }

    pub(super) fn place(&self, slot: SlotId) -> *mut u8 {
        match self.program.slots[slot as usize].place {
            // SAFETY: the layout has room for the slot at its offset.
            Place::Own(offset) => unsafe { self.memory.add(offset).as_ptr() },
            // Values of others are neither put, nor taken, nor dropped here.
            Place::Import(_) => null_mut(),
        }
    }

    /// The same, also of values of others.
    pub(super) fn place_to_look(&self, slot: SlotId) -> *const u8 {
        match self.program.slots[slot as usize].place {
            Place::Own(_) => self.place(slot),
            Place::Import(number) => self.imports[number],
        }
    }

    /// The pointers for all operations.
    pub(super) fn table(&self) -> *const *mut u8 {
        self.table.as_ptr().cast_const().cast()
    }

    /// The values of others.
    pub(super) fn imports(&self) -> &[*mut u8] {
        &self.imports
    }

    /// What an operation is called with: its data, and its pointers.
    pub(super) fn arguments(&self, op: usize) -> (*const (), *const *mut u8) {
        let op = &self.program.ops[op];
        // SAFETY: within the table.
        (op.data, unsafe { self.table().add(op.at as usize) })
    }

    /// One of the pointers that an operation is called with.
    pub(super) fn pointer(&self, op: usize, number: usize) -> *mut u8 {
        // SAFETY: it has that many.
        unsafe { self.arguments(op).1.add(number).read() }
    }

    /// Whether the task of a rank, all of whose predecessors are over, takes items from a stream.
    pub(crate) fn takes_stream(&self, rank: usize) -> bool {
        let task = &self.program.tasks[rank];
        let mut taken = self.program.reads_of(task).iter().filter(|read| read.takes);
        let mut blocks = (task.ops.start as usize..task.drops as usize)
            .filter(|op| self.program.kind(*op) == OpKind::Block)
            .map(|op| self.arguments(op));
        // SAFETY: what the task takes is there until it runs, and nobody else uses it.
        taken.all(|read| self.is_full(read.slot))
            && blocks.any(|(data, at)| unsafe { takes_stream(data, at) })
    }

    fn awaits(&self, slot: SlotId) -> bool {
        self.program.supplied.contains(&slot) && self.state(slot) == SlotState::Empty
    }

    pub(super) fn is_full(&self, slot: SlotId) -> bool {
        self.state(slot) == SlotState::Full
    }

    pub(super) fn set(&mut self, slot: SlotId, state: u8) {
        self.states[slot as usize].store(state, Ordering::Relaxed);
    }
}

/// Runs operations one after another as long as they succeed.
///
/// # Safety
/// The table has the pointers for these operations; it begins with the entry of the number `first`. What the
/// operations need is there.
#[inline]
pub(super) unsafe fn run_ops(
    program: &Program,
    range: Range<usize>,
    table: *const *mut u8,
    first: usize,
) -> Option<Stop> {
    let at = Cell::new(range.start);
    let ops = &program.ops[range.clone()];
    let ended = guard(|| {
        for (op, number) in ops.iter().zip(range.start..) {
            at.set(number);
            // SAFETY: the caller's promise.
            if let Some(fault) = unsafe { (op.run)(op.data, table.add(op.at as usize - first)) } {
                return Some(*fault);
            }
        }
        None
    });
    let fault = match ended {
        Ok(None) => return None,
        Ok(Some(fault)) | Err(fault) => fault,
    };
    Some(Stop { op: at.get(), fault })
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.reset();
        // SAFETY: it was made of a box, and nothing uses it any more.
        drop(unsafe { Box::from_raw(self.table.as_ptr()) });
        // SAFETY: the same.
        drop(unsafe { Box::from_raw(self.errors.as_ptr()) });
        // SAFETY: the same.
        drop(unsafe { Box::from_raw(self.here.as_ptr()) });
        if self.program.layout.size() > 0 {
            // SAFETY: it was allocated with this layout.
            unsafe { dealloc(self.memory.as_ptr(), self.program.layout) };
        }
    }
}
