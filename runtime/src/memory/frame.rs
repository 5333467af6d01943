//! An attempt of a task that may be abandoned: it makes its values in memory of its own.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::{NonNull, null_mut, without_provenance_mut};
use std::sync::Arc;

use crate::context::Here;
use crate::fault::{Fault, guard};

use super::instance::{Instance, Stop, run_ops};
use super::param::ErrorCell;
use super::program::{Effect, Entry, Program, SlotId, TaskOps};
use super::shared::Detached;

/// An attempt of a task, for a thread of its own. What it reads stays where it is as long as the frame is there.
pub(crate) struct Frame {
    instance: Detached,
    rank: usize,
    /// Where the attempt is: there are pointers to it.
    here: Arc<Here>,
    memory: NonNull<u8>,
    layout: Layout,
    /// The pointers of the task's operations, for this memory.
    table: NonNull<[*mut u8]>,
    /// Where the first of them is in the program's table.
    first: usize,
    /// The slots that the task fills, and where each is in the memory.
    places: Vec<(SlotId, usize)>,
    /// Whether it has made what it was to make, and nobody has taken that over.
    pub(super) is_made: bool,
    /// Whether it has taken something of others.
    pub(super) has_taken: bool,
    /// Whether nobody waits for it any more.
    abandoned: bool,
}

// SAFETY: the values in it are `Send + Sync`, and the other pointers are to the instance, which stays.
unsafe impl Send for Frame {}

impl Frame {
    /// A frame of a task that has been found to be ready.
    pub(super) fn new(instance: Detached, rank: usize) -> Self {
        let program = &*instance.program;
        let task = &program.tasks[rank];
        let here = Arc::new(instance.here().for_attempt());
        let mut layout = Layout::new::<()>();
        let mut places = Vec::new();
        for effect in program.effects_of(task).iter().filter(|effect| effect.fills) {
            let raw = program.slots[effect.slot as usize].raw;
            let grown = Layout::from_size_align(raw.size, raw.align).and_then(|value| layout.extend(value));
            // The program has room for all its slots, so there is no such layout as is too large.
            let Ok((grown, offset)) = grown else { handle_alloc_error(layout) };
            layout = grown;
            places.push((effect.slot, offset));
        }
        let memory = if layout.size() == 0 {
            without_provenance_mut(layout.align())
        } else {
            // SAFETY: the size is not zero.
            unsafe { alloc(layout) }
        };
        let Some(memory) = NonNull::new(memory) else { handle_alloc_error(layout) };
        let range = entries(program, task);
        let first = range.start;
        // It has pointers to itself, so it is no box.
        let table = NonNull::from(Box::leak(vec![null_mut(); range.len()].into_boxed_slice()));
        let own: *mut *mut u8 = table.as_ptr().cast();
        for (at, entry) in program.entries[range].iter().enumerate() {
            let pointer = match *entry {
                Entry::Null => null_mut(),
                Entry::Slot(slot) => match places.iter().find(|(made, _)| *made == slot) {
                    // SAFETY: the layout has room for the slot at its offset.
                    Some((_, offset)) => unsafe { memory.add(*offset).as_ptr() },
                    None => instance.place(slot),
                },
                Entry::Error(number) => {
                    let error: *mut ErrorCell = instance.error_at(number);
                    error.cast()
                }
                Entry::Here => Arc::as_ptr(&here).cast_mut().cast(),
                // SAFETY: the lists of an operation are among its own entries.
                Entry::Table(to) => unsafe { own.add(to as usize - first).cast() },
                Entry::Number(number) => without_provenance_mut(number),
                Entry::Names(names) => names.cast_mut().cast(),
            };
            // SAFETY: within the table.
            unsafe { own.add(at).write(pointer) };
        }
        Self {
            instance,
            rank,
            here,
            memory,
            layout,
            table,
            first,
            places,
            is_made: false,
            has_taken: false,
            abandoned: false,
        }
    }

    /// Runs it, once.
    pub(crate) fn run(&mut self) -> Result<(), Fault> {
        let program = &*self.instance.program;
        let task = &program.tasks[self.rank];
        let effects = program.effects_of(task);
        let range = task.ops.start as usize..task.drops as usize;
        // SAFETY: the table has the entries of the task's operations, from the first one on; see the module.
        let stop = unsafe { run_ops(program, range, self.table.as_ptr().cast_const().cast(), self.first) };
        let end = stop.as_ref().map_or(task.drops as usize, |stop| stop.op);
        let is_own = |slot: SlotId| self.places.iter().any(|(made, _)| *made == slot);
        for effect in effects.iter().filter(|effect| {
            !effect.fills && effect.op < task.drops && effect.op as usize <= end && !is_own(effect.slot)
        }) {
            self.instance.mark_empty(effect.slot);
            self.has_taken = true;
        }
        let Some(Stop { op, fault }) = stop else {
            self.is_made = true;
            return Ok(());
        };
        let emptied = |made: &Effect| {
            effects.iter().any(|it| !it.fills && it.slot == made.slot && it.op as usize <= op)
        };
        for made in effects.iter().filter(|it| it.fills && (it.op as usize) < op && !emptied(it)) {
            self.drop_value(made.slot);
        }
        Err(fault)
    }

    pub(super) fn is_of(&self, instance: &Instance, rank: usize) -> bool {
        std::ptr::eq(&raw const *self.instance, instance) && self.rank == rank
    }

    /// Where the attempt is.
    pub(crate) fn here(&self) -> Arc<Here> {
        Arc::clone(&self.here)
    }

    /// Nobody waits for it any more.
    pub(crate) fn abandon(&mut self) {
        self.abandoned = true;
    }

    /// Moves what it has made to where the instance has it.
    pub(super) fn hand_over(&mut self, instance: &Instance, task: &TaskOps) {
        for slot in instance.program.made_by(task) {
            let size = instance.raw(slot).size;
            if let Some(from) = self.place(slot) {
                // SAFETY: the value is there; the slot is the task's to fill, and it has room for it.
                unsafe { from.copy_to_nonoverlapping(instance.place(slot), size) };
            }
        }
        self.is_made = false;
    }

    fn place(&self, slot: SlotId) -> Option<*mut u8> {
        let (_, offset) = self.places.iter().find(|(made, _)| *made == slot)?;
        // SAFETY: the layout has room for the slot at its offset.
        Some(unsafe { self.memory.add(*offset).as_ptr() })
    }

    /// Drops a value that is there, and that nobody uses afterwards.
    fn drop_value(&self, slot: SlotId) {
        if let (Some(place), Some(drop)) = (self.place(slot), self.instance.raw(slot).drop) {
            // SAFETY: whoever calls this has found that it is there.
            let _ = guard(|| unsafe { drop(place) });
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let task = &self.instance.program.tasks[self.rank];
        if self.is_made {
            for slot in self.instance.program.made_by(task) {
                self.drop_value(slot);
            }
        }
        if self.abandoned {
            self.instance.release_stray(task);
        }
        // SAFETY: it was made of a box, and nothing uses it any more.
        drop(unsafe { Box::from_raw(self.table.as_ptr()) });
        if self.layout.size() > 0 {
            // SAFETY: it was allocated with this layout.
            unsafe { dealloc(self.memory.as_ptr(), self.layout) };
        }
    }
}

/// The entries that the operations of a task point to: they stand together, in the order of the operations.
fn entries(program: &Program, task: &TaskOps) -> std::ops::Range<usize> {
    let at = |op: u32| program.ops.get(op as usize).map_or(program.entries.len(), |op| op.at as usize);
    at(task.ops.start)..at(task.drops)
}
