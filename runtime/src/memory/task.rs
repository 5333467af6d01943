//! Tasks in any order, on any thread.

use std::sync::atomic::Ordering;

use crate::error::NodeError;
use crate::fault::Fault;

use super::instance::{EMPTY, FULL, Instance, MISSING, SlotState, Stop};
use super::program::{Effect, SlotId, TaskOps};

/// That one has a task for oneself.
pub(crate) struct Claimed<'i> {
    instance: &'i Instance,
    task: &'i TaskOps,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// All it needs is there.
    Ready,
    /// It has made what it was to make.
    Made,
    /// It cannot run: something it needs is not there, or not there any more.
    Barred,
}

impl Instance {
    /// Makes ready for tasks to be run one by one.
    pub(crate) fn by_task(&mut self) {
        self.by_task = true;
    }

    /// The task of a rank for oneself, unless somebody has had it before.
    pub(crate) fn claim(&self, rank: usize) -> Option<Claimed<'_>> {
        if !self.by_task || self.claimed[rank].swap(true, Ordering::Relaxed) {
            return None;
        }
        let task = &self.program.tasks[rank];
        let mut reads = self.program.reads_of(task).iter();
        let all_there = reads.all(|read| match self.state(read.slot) {
            SlotState::Full => !read.takes || self.uses(read.slot) == 1,
            SlotState::Missing => {
                read.tolerates && self.error(read.slot).is_some_and(|error| error.get().is_some())
            }
            SlotState::Empty => false,
        });
        let state = if all_there { State::Ready } else { State::Barred };
        Some(Claimed { instance: self, task, state })
    }

    /// How many tasks need a slot and are not over yet, where that is counted.
    pub(crate) fn uses(&self, slot: SlotId) -> u32 {
        self.uses[slot as usize].load(Ordering::Acquire)
    }

    /// The slots whose values a task takes.
    pub(crate) fn takes(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        let reads = self.program.reads_of(&self.program.tasks[rank]).iter();
        reads.filter(|read| read.takes).map(|read| read.slot)
    }
}

impl<'i> Claimed<'i> {
    /// A task that has stopped at an operation, with all it had taken and made until then in its slots.
    pub(super) fn stopped(instance: &'i Instance, rank: usize, op: usize) -> Self {
        let task = &instance.program.tasks[rank];
        let mut stopped = Self { instance, task, state: State::Ready };
        if stopped.mark_taken(op) {
            stopped.state = State::Barred;
        }
        stopped.undo(op);
        for effect in stopped.effects().iter().filter(|effect| effect.fills) {
            instance.states[effect.slot as usize].store(EMPTY, Ordering::Relaxed);
        }
        stopped
    }

    /// Whether all it needs is there.
    pub(crate) fn is_ready(&self) -> bool {
        self.state == State::Ready
    }

    /// Runs it, if it is ready. Where it fails nothing is left of what it has made, and it is ready once more if it
    /// has taken nothing away.
    pub(crate) fn run(&mut self) -> Result<(), Fault> {
        if self.state != State::Ready {
            return Err(Fault::Misfit("it is not ready to run".to_owned()));
        }
        let Some(Stop { op, fault }) =
            self.instance.run_ops(self.task.ops.start as usize..self.task.drops as usize)
        else {
            self.mark_taken(self.task.drops as usize);
            self.state = State::Made;
            return Ok(());
        };
        if self.mark_taken(op) {
            self.state = State::Barred;
        }
        self.undo(op);
        Err(fault)
    }

    /// Says that it is over. What it was to fill is there, or never will be; what it needed it needs no more, and
    /// what nobody needs any more is dropped. `error` says why nothing will be there, to those who do without;
    /// `dropped` is told of values that could not be dropped.
    pub(crate) fn end(self, error: Option<&NodeError>, mut dropped: impl FnMut(SlotId, Fault)) {
        let state = if self.state == State::Made { FULL } else { MISSING };
        let instance = self.instance;
        for slot in instance.program.made_by(self.task) {
            if let (MISSING, Some(cell), Some(error)) = (state, instance.error(slot), error) {
                let _ = cell.set(error.clone());
            }
            // Whoever waits for it looks first, then says that he sleeps; the order of the two stores counts.
            instance.states[slot as usize].store(state, Ordering::SeqCst);
        }
        for read in instance.program.reads_of(self.task) {
            let slot = read.slot as usize;
            let is_counted = instance.program.slots[slot].uses > 0;
            if !is_counted || instance.uses[slot].fetch_sub(1, Ordering::SeqCst) != 1 {
                continue;
            }
            let full = instance.states[slot].swap(EMPTY, Ordering::AcqRel) == FULL;
            if full && let Err(fault) = instance.drop_slot(read.slot) {
                dropped(read.slot, fault);
            }
        }
    }

    /// What it has taken, until it has come to an operation, is in its slot no more. Says whether that is something
    /// of others.
    fn mark_taken(&self, op: usize) -> bool {
        let mut of_others = false;
        let passed = self.effects().iter().take_while(|effect| effect.op as usize <= op);
        for effect in passed.filter(|effect| !effect.fills && effect.op < self.task.drops) {
            self.instance.states[effect.slot as usize].store(EMPTY, Ordering::Relaxed);
            of_others |= !self.effects().iter().any(|other| other.fills && other.slot == effect.slot);
        }
        of_others
    }

    /// Drops what it has made before it failed at an operation.
    fn undo(&self, op: usize) {
        let effects = self.effects();
        let passed = effects.iter().take_while(|effect| (effect.op as usize) < op);
        for made in passed.filter(|effect| effect.fills) {
            let emptied = |other: &Effect| !other.fills && other.slot == made.slot && other.op as usize <= op;
            if !effects.iter().any(emptied) {
                let _ = self.instance.drop_slot(made.slot);
            }
        }
    }

    fn effects(&self) -> &[Effect] {
        self.instance.program.effects_of(self.task)
    }
}
