//! Tasks in any order, on any thread.

use crate::error::NodeError;
use crate::fault::{Fault, guard};
use crate::sync::atomic::Ordering;

use super::instance::{EMPTY, FULL, Instance, MISSING, SlotState, Stop, UNNEEDED};
use super::program::{Choice, Effect, Either, Need, SlotId, Taking, TaskOps, id};
use super::waiting::{Waited, Waiting};

/// That one has a task for oneself.
pub(crate) struct Claimed<'i> {
    pub(super) instance: &'i Instance,
    pub(super) rank: usize,
    pub(super) task: &'i TaskOps,
    pub(super) state: State,
    /// What operations before this one were to take is gone.
    pub(super) passed: u32,
    /// Whether all it needs was there at first.
    pub(super) was_ready: bool,
    /// Whether it runs in its place in the order, with no account kept of the slots.
    pub(super) in_order: bool,
    /// At which operation it waits, where it goes on from there.
    pub(super) waiting: Option<(usize, Waiting)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// All it needs is there.
    Ready,
    /// An attempt of it runs elsewhere.
    Lent,
    /// It has made what it was to make.
    Made,
    /// It cannot run: something it needs is not there, or not there any more.
    Barred,
    /// It need not run.
    Unneeded,
}

/// That a task waits at an operation, until it does not any more.
struct Begun<'t, 'i> {
    task: &'t mut Claimed<'i>,
    op: Option<usize>,
}

impl Drop for Begun<'_, '_> {
    fn drop(&mut self) {
        if let Some(op) = self.op {
            let given_up = Fault::Misfit("it was given up".to_owned());
            let _ = self.task.ended(Some(Stop { op, fault: given_up }));
        }
    }
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
        Some(Claimed::new(self, rank, self.readiness(task), false))
    }

    /// Whether a task can run, when all is decided that it needs.
    fn readiness(&self, task: &TaskOps) -> State {
        let (mut guarded, mut wanted, mut lacks, mut unneeded) = (false, false, false, false);
        for read in self.program.reads_of(task) {
            match (read.need, self.state(read.slot)) {
                (Need::Guard, state) => {
                    guarded = true;
                    wanted |= state == SlotState::Missing;
                }
                (Need::Choice, _) => {}
                (_, SlotState::Full) => lacks |= read.takes && self.uses(read.slot) != 1,
                (Need::Tolerates, SlotState::Missing) => {
                    lacks |= self.error(read.slot).is_none_or(|error| error.get().is_none());
                }
                (_, SlotState::Unneeded) => unneeded = true,
                (_, SlotState::Missing | SlotState::Empty) => lacks = true,
            }
        }
        if let Some(Choice { first, second, .. }) = &task.choice {
            unneeded |= self.state(first.slot) == SlotState::Unneeded;
            lacks |= ![first, second].into_iter().any(|either| self.can_take(*either));
        }
        match () {
            () if guarded && !wanted => State::Unneeded,
            () if lacks => State::Barred,
            () if unneeded => State::Unneeded,
            () => State::Ready,
        }
    }

    /// What a task needed it needs no more; what nobody needs any more is dropped.
    pub(super) fn release(&self, task: &TaskOps, mut dropped: impl FnMut(SlotId, Fault)) {
        for read in self.program.reads_of(task) {
            let slot = read.slot as usize;
            let is_counted = self.program.slots[slot].uses > 0;
            if !is_counted || self.uses[slot].fetch_sub(1, Ordering::AcqRel) != 1 {
                continue;
            }
            let full = self.states[slot].swap(EMPTY, Ordering::AcqRel) == FULL;
            if full && let Err(fault) = self.drop_slot(read.slot) {
                dropped(read.slot, fault);
            }
        }
    }

    fn can_take(&self, Either { slot, how }: Either) -> bool {
        self.is_full(slot) && (!matches!(how, Taking::Move) || self.uses(slot) == 1)
    }

    /// How many tasks need a slot and are not over yet, where that is counted.
    pub(crate) fn uses(&self, slot: SlotId) -> u32 {
        self.uses[slot as usize].load(Ordering::Acquire)
    }

    /// The slots whose values a task takes.
    pub(crate) fn takes(&self, rank: usize) -> impl Iterator<Item = SlotId> {
        self.program.takes(rank)
    }
}

impl<'i> Claimed<'i> {
    pub(super) fn new(instance: &'i Instance, rank: usize, state: State, in_order: bool) -> Self {
        let task = &instance.program.tasks[rank];
        let was_ready = state == State::Ready;
        Self { instance, rank, task, state, passed: task.ops.start, was_ready, in_order, waiting: None }
    }

    /// A task that has stopped at an operation, with all it had taken and made until then in its slots.
    pub(super) fn stopped(instance: &'i Instance, rank: usize, op: usize) -> Self {
        let mut stopped = Self::new(instance, rank, State::Ready, false);
        if stopped.mark_taken(op) {
            stopped.state = State::Barred;
        }
        stopped.passed = id(op + 1);
        stopped.undo(op);
        for effect in stopped.effects().iter().filter(|effect| effect.fills) {
            instance.states[effect.slot as usize].store(EMPTY, Ordering::Relaxed);
        }
        stopped
    }

    /// The instance that it is a task of.
    pub(crate) fn instance(&self) -> &'i Instance {
        self.instance
    }

    /// Whether all it needs is there.
    pub(crate) fn is_ready(&self) -> bool {
        self.state == State::Ready
    }

    /// Whether it is the one that takes an item, in a block.
    pub(crate) fn takes_item(&self) -> bool {
        self.rank == 0
    }

    /// Whether it has to wait for a future.
    pub(crate) fn waits(&self) -> bool {
        self.instance.program.waits(self.rank)
    }

    /// Whether something may stand in for what it makes.
    pub(crate) fn may_be_stood_in_for(&self) -> bool {
        let program = &self.instance.program;
        let node = program.label(self.rank).node;
        let mut later = (self.rank..).zip(&program.tasks[self.rank..]);
        later.any(|(rank, task)| task.choice.is_some() && program.label(rank).node == node)
    }

    /// Whether it need not run.
    pub(crate) fn is_unneeded(&self) -> bool {
        self.state == State::Unneeded
    }

    /// Runs it, if it is ready. Where it fails nothing is left of what it has made, and it is ready once more if it
    /// has taken nothing away.
    pub(crate) fn run(&mut self) -> Result<(), Fault> {
        if self.state != State::Ready {
            return Err(Fault::Misfit("it is not ready to run".to_owned()));
        }
        self.take_choice()?;
        let stop = self.instance.run_ops(self.task.ops.start as usize..self.task.drops as usize);
        self.ended(stop)
    }

    /// The same where it waits: it does so without a thread. What is dropped in the middle has failed there.
    pub(crate) async fn run_async(&mut self) -> Result<(), Fault> {
        if self.state != State::Ready {
            return Err(Fault::Misfit("it is not ready to run".to_owned()));
        }
        self.take_choice()?;
        let (instance, end) = (self.instance, self.task.drops as usize);
        let mut from = self.task.ops.start as usize;
        loop {
            let (op, waited) = if let Some((op, waiting)) = self.waiting.take() {
                (op, Waited::Call(waiting))
            } else {
                let wait = instance.program.wait_in(from..end);
                let stop = instance.run_ops(from..wait.unwrap_or(end));
                let (None, Some(op)) = (&stop, wait) else { return self.ended(stop) };
                // SAFETY: the operation before has just been run.
                (op, unsafe { instance.waited_at(op) })
            };
            let ended = {
                let mut begun = Begun { task: self, op: Some(op) };
                // SAFETY: it is what this operation waits for. The future lives until the end of this statement, and
                // `begun` longer, which holds the task.
                let ended = unsafe { instance.wait_for(op, waited) }.await;
                begun.op = None;
                ended
            };
            if let Some(fault) = ended {
                return self.ended(Some(Stop { op, fault: *fault }));
            }
            from = op + 1;
        }
    }

    /// Drops what it waits for, if it has been left in the middle and nobody has gone on with it.
    pub(crate) fn wait_no_more(&mut self) {
        if let Some((op, waiting)) = self.waiting.take() {
            drop(waiting);
            let _ = self.ended(Some(Stop { op, fault: Fault::Stopped }));
        }
    }

    fn take_choice(&mut self) -> Result<(), Fault> {
        match &self.task.choice {
            Some(choice) => self.choose(choice).inspect_err(|_| self.state = State::Barred),
            None => Ok(()),
        }
    }

    /// Notes that all its operations have run, or where they stopped.
    pub(super) fn ended(&mut self, stop: Option<Stop>) -> Result<(), Fault> {
        let Some(Stop { op, fault }) = stop else {
            if !self.in_order {
                self.mark_taken(self.task.drops as usize);
            }
            self.passed = self.task.drops;
            self.state = State::Made;
            return Ok(());
        };
        if self.mark_taken(op) {
            self.state = State::Barred;
        }
        self.passed = self.passed.max(id(op + 1));
        self.undo(op);
        Err(fault)
    }

    /// Says that it is over. What it was to fill is there, or never will be; what it needed it needs no more, and
    /// what nobody needs any more is dropped. `error` says why nothing will be there, to those who do without;
    /// `dropped` is told of values that could not be dropped.
    pub(crate) fn end(mut self, error: Option<&NodeError>, dropped: impl FnMut(SlotId, Fault)) {
        self.wait_no_more();
        let state = match self.state {
            State::Made => FULL,
            State::Unneeded => UNNEEDED,
            State::Ready | State::Lent | State::Barred => MISSING,
        };
        let instance = self.instance;
        for slot in instance.program.made_by(self.task) {
            if let (MISSING, Some(cell), Some(error)) = (state, instance.error(slot), error) {
                let _ = cell.set(error.clone());
            }
            instance.states[slot as usize].store(state, Ordering::Release);
        }
        instance.release(self.task, dropped);
    }

    /// Fills the slot of a choice. It has been found that one of the two can be taken.
    fn choose(&self, Choice { first, second, out }: &Choice) -> Result<(), Fault> {
        let instance = self.instance;
        let Either { slot, how } = if instance.can_take(*first) { *first } else { *second };
        let (from, to) = (instance.place_to_look(slot), instance.place(*out));
        match how {
            // SAFETY: the value is there, it can be cloned so, and there is room for another one of its type.
            Taking::Clone(cloner) => guard(|| unsafe { cloner.clone(from, to) })?,
            Taking::Move | Taking::Copy => {
                let size = instance.raw(slot).size;
                // SAFETY: the value is there, and there is room for it in another place.
                unsafe { from.copy_to_nonoverlapping(to, size) };
                if matches!(how, Taking::Move) {
                    // No other task looks at it any more.
                    instance.states[slot as usize].store(EMPTY, Ordering::Release);
                }
            }
        }
        Ok(())
    }

    /// What it has taken, until it has come to an operation, is in its slot no more. Says whether that is something
    /// of others.
    pub(super) fn mark_taken(&self, op: usize) -> bool {
        let mut of_others = false;
        let passed = self.effects().iter().take_while(|effect| effect.op as usize <= op);
        for effect in passed.filter(|effect| !effect.fills && effect.op < self.task.drops) {
            self.instance.states[effect.slot as usize].store(EMPTY, Ordering::Relaxed);
            of_others |= !self.effects().iter().any(|other| other.fills && other.slot == effect.slot);
        }
        of_others
    }

    /// Drops what it has made before it failed at an operation.
    pub(super) fn undo(&self, op: usize) {
        let effects = self.effects();
        let passed = effects.iter().take_while(|effect| (effect.op as usize) < op);
        for made in passed.filter(|effect| effect.fills) {
            let emptied = |other: &Effect| !other.fills && other.slot == made.slot && other.op as usize <= op;
            if !effects.iter().any(emptied) {
                let _ = self.instance.drop_slot(made.slot);
            }
        }
    }

    pub(super) fn effects(&self) -> &[Effect] {
        self.instance.program.effects_of(self.task)
    }
}
