//! Tasks in order, one at a time, for those who look at what goes in and what comes out.
//!
//! *Why it is sound.* In order no account is kept of the slots: as for [`Instance::run`], the builder has followed them.
//! So a task is only given out when all before it have been run to their end, which `order` says. What a task has taken
//! and made itself follows from how far it has come.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Instant;

use crate::context::{Here, Notes};
use crate::fault::Fault;
use crate::hook::{Ending, Live};
use crate::run::Keeper;
use crate::sync::atomic::Ordering;
use crate::value::{Value, ValueView};

use super::instance::{EMPTY, Instance, SlotState, Stop};
use super::program::{Label, OpKind, SlotId};
use super::task::{Claimed, State};

/// Nobody runs it so.
pub(super) const NOT_IN_ORDER: usize = usize::MAX;
/// Somebody has a task.
const BUSY: usize = usize::MAX - 1;

impl Instance {
    /// Begins with the first task, or once more with it. Says whether it can.
    pub(crate) fn begin_in_order(&mut self) -> bool {
        let order = self.order.load(Ordering::Relaxed);
        let first = order == NOT_IN_ORDER
            && !self.by_task
            && self.program.is_in_order()
            && self.program.supplied.iter().all(|slot| self.is_full(*slot));
        // A program that neither is given nor leaves anything can begin again.
        let program = &self.program;
        let again = order == program.tasks.len() && program.supplied.is_empty() && program.left.is_empty();
        if first || again {
            self.order.store(0, Ordering::Relaxed);
        }
        first || again
    }

    /// The next task for oneself. It is to be [passed](Claimed::pass), or [left](Claimed::leave).
    pub(crate) fn next_in_order(&mut self) -> Option<Claimed<'_>> {
        let rank = self.order.load(Ordering::Relaxed);
        if rank >= self.program.tasks.len() {
            return None;
        }
        self.order.store(BUSY, Ordering::Relaxed);
        Some(Claimed::new(self, rank, State::Ready, true))
    }

    /// Says that all have been run, so that what is left can be taken.
    pub(crate) fn end_in_order(&mut self) {
        if self.order.load(Ordering::Relaxed) != self.program.tasks.len() {
            return;
        }
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
        self.all_have_run();
    }

    /// Goes on by task after one that was left. That one is [over](Claimed::end) when the caller says so.
    pub(crate) fn go_on_after(&mut self, left: &LeftAt) -> Claimed<'_> {
        let full = self.full_at(left);
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
        self.by_task_from(left.rank, full);
        Claimed::new(self, left.rank, State::Barred, false)
    }

    pub(super) fn full_at(&self, left: &LeftAt) -> Vec<bool> {
        self.full_after(left.passed as usize, left.made as usize)
    }

    /// Where a run in order was given up, nobody knows any more what is full: nothing is dropped twice.
    pub(super) fn leave_order(&mut self) {
        if self.order.load(Ordering::Relaxed) != NOT_IN_ORDER && !self.by_task {
            for state in &self.states {
                state.store(EMPTY, Ordering::Relaxed);
            }
        }
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
    }

    /// Runs all operations in order once for each item of a block, of which the first has the number `first`, until one
    /// fails, task by task. Says how many times it came to the end, and where it stopped.
    pub(super) async fn keep_items(&mut self, first: usize, keeper: &Keeper) -> (usize, Option<Stop>) {
        let mut times = 0;
        loop {
            self.here().set_item(first + times);
            match self.keep_item(keeper).await {
                Ok(()) => times += 1,
                Err(stop) => return (times, Some(stop)),
            }
        }
    }

    async fn keep_item(&mut self, keeper: &Keeper) -> Result<(), Stop> {
        if !self.begin_in_order() {
            return Err(Stop { op: 0, fault: Fault::Misfit("the block was left in the middle".to_owned()) });
        }
        while let Some(mut task) = self.next_in_order() {
            let rank = task.rank;
            let nodes = task.nodes();
            if let Err(fault) = keeper.run(&mut task).await {
                let op = task.stopped_at();
                let left = task.leave();
                if (rank, op) == (0, 0) && matches!(fault, Fault::End | Fault::Stopped) {
                    // Nothing has happened.
                    self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
                } else {
                    self.left_at = Some(left);
                }
                return Err(Stop { op, fault });
            }
            task.pass(|slot, fault| keeper.not_dropped(nodes[slot as usize], fault));
            // The first task takes the item.
            if rank == 0 {
                self.begin_item().await;
            }
        }
        self.end_item(Ending::Done).await;
        Ok(())
    }

    /// Who listens to tasks.
    pub(super) fn listener(&self) -> Option<Arc<Live>> {
        self.here().live.clone().filter(|live| live.hooks().listen_to_tasks())
    }

    /// Tells those who listen that an item has come in.
    pub(super) async fn begin_item(&mut self) {
        if let Some(live) = self.listener() {
            let since = live.before_item(self.here(), self.program.label(0).node).await;
            self.item = Some(BegunItem { since });
        }
    }

    /// Tells those who listen that an item is over.
    pub(super) async fn end_item(&mut self, ending: Ending<'_>) {
        if let Some(BegunItem { since }) = self.item.take()
            && let Some(live) = self.listener()
        {
            live.after_item(self.here(), self.program.label(0).node, since, ending).await;
        }
    }

    /// It, while nothing runs.
    pub(crate) fn still(&mut self) -> Still<'_> {
        Still(self)
    }
}

/// An instance while nothing runs, before a run or after one.
#[derive(Clone, Copy)]
pub(crate) struct Still<'i>(&'i Instance);

impl<'i> Still<'i> {
    /// What is in a slot.
    pub(crate) fn peek(self, slot: SlotId) -> Option<ValueView<'i>> {
        let order = self.0.order.load(Ordering::Relaxed);
        // In the middle of a run in order slots are not what their states say.
        let is_known = order == NOT_IN_ORDER && self.0.stopped.is_none();
        // SAFETY: it is full, and nobody can empty it: who made this had the instance for himself.
        (is_known && self.0.state(slot) == SlotState::Full).then(|| unsafe { self.0.value_at(slot) })
    }
}

/// An item that those who listen were told of.
pub(super) struct BegunItem {
    /// When that was, if somebody wants to know.
    since: Option<Instant>,
}

/// A task that was left in the middle of a run in order.
pub(crate) struct LeftAt {
    rank: usize,
    /// What operations before this one were to take is gone.
    passed: u32,
    /// What operations before this one have made is there.
    made: u32,
}

impl<'i> Claimed<'i> {
    /// What it is for.
    pub(crate) fn label(&self) -> Label {
        self.instance.program.label(self.rank)
    }

    /// For each slot the node whose value it holds.
    pub(crate) fn nodes(&self) -> &'i [u32] {
        &self.instance.program.nodes
    }

    /// Which of all tasks it is.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    pub(crate) fn here(&self) -> &'i Here {
        self.instance.here()
    }

    pub(crate) fn is_made(&self) -> bool {
        self.state == State::Made
    }

    /// The values it needs, as far as they are there.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = (SlotId, ValueView<'_>)> {
        let reads = self.instance.program.reads_of(self.task).iter().map(|read| read.slot);
        let is_there = |slot: &SlotId| {
            let taken = self.effects().iter().any(|effect| {
                !effect.fills && effect.slot == *slot && effect.op < self.passed.min(self.task.drops)
            });
            !taken && (self.in_order || self.instance.state(*slot) == SlotState::Full)
        };
        // SAFETY: what a task needs is there until it is over, but for what it has taken itself, which it cannot while
        // somebody looks.
        let values = reads.filter(is_there).map(|slot| (slot, unsafe { self.instance.value_at(slot) }));
        values.filter(|(_, value)| !value.is_notes())
    }

    /// The values it has made.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (SlotId, ValueView<'_>)> {
        self.made().filter(|(_, value)| !value.is_notes())
    }

    fn made(&self) -> impl Iterator<Item = (SlotId, ValueView<'_>)> {
        let made = self.is_made().then(|| self.instance.program.made_by(self.task)).into_iter().flatten();
        // SAFETY: the task has made them, and others have them only after it is over.
        made.map(|slot| (slot, unsafe { self.instance.value_at(slot) }))
    }

    /// What it has written about itself.
    pub(crate) fn notes(&self) -> Option<&Notes> {
        self.made().find_map(|(_, value)| value.downcast_ref())
    }

    /// Drops what nobody needs after it, where all run in order, and says that it is over.
    pub(crate) fn pass(self, mut dropped: impl FnMut(SlotId, Fault)) {
        if !self.in_order || !self.is_made() {
            return;
        }
        let (mut from, end) = (self.task.drops as usize, self.task.ops.end as usize);
        while from < end
            && let Some(Stop { op, fault }) = self.instance.run_ops(from..end)
        {
            if let OpKind::Drop(slot) = self.instance.program.kind(op) {
                dropped(slot, fault);
            }
            from = op + 1;
        }
        self.instance.order.store(self.rank + 1, Ordering::Relaxed);
    }

    /// The operation that it has stopped on: the first, where it was not let run.
    fn stopped_at(&self) -> usize {
        self.passed.saturating_sub(1).max(self.task.ops.start) as usize
    }

    /// Leaves it where it has failed, with nothing made.
    pub(crate) fn leave(mut self) -> LeftAt {
        if self.is_made() {
            let _ = self.unmake();
        }
        LeftAt { rank: self.rank, passed: self.passed, made: self.task.ops.start }
    }

    /// Drops what it has made, so that it may be run again if it has taken nothing away.
    pub(crate) fn unmake(&mut self) -> Result<(), Fault> {
        if !self.is_made() {
            return Ok(());
        }
        self.state = if self.has_taken() { State::Barred } else { State::Ready };
        let mut outcome = Ok(());
        for slot in self.instance.program.made_by(self.task) {
            outcome = outcome.and(self.instance.drop_slot(slot));
        }
        outcome
    }

    /// Whether it has taken what others have made.
    fn has_taken(&self) -> bool {
        let effects = self.effects();
        let of_others = |slot: SlotId| !effects.iter().any(|other| other.fills && other.slot == slot);
        let passed = effects.iter().filter(|it| it.op < self.passed.min(self.task.drops));
        passed.filter(|it| !it.fills).any(|it| of_others(it.slot))
    }

    /// Gives it a value in place of what its function makes. Gives that back where it does not fit.
    pub(crate) fn put(&mut self, value: Value) -> Result<Option<Value>, Fault> {
        let program = &self.instance.program;
        let ops = self.task.ops.start..self.task.drops;
        let find = |kind: OpKind| ops.clone().find(|op| program.kind(*op as usize) == kind);
        // Of a call that waits the value is made where that is over.
        let call = find(OpKind::Wait).or_else(|| find(OpKind::Call));
        let effects = self.effects();
        let out = |call: u32| effects.iter().find(|effect| effect.fills && effect.op == call);
        let Some((call, out)) = call.and_then(|call| Some((call, out(call)?.slot))) else {
            return Ok(Some(value));
        };
        // One that never could run has nothing to give up.
        if !self.was_ready {
            return Ok(Some(value));
        }
        if value.value_type().type_id() != program.value_type(out).type_id()
            || value.value_type().type_id() == TypeId::of::<Notes>()
        {
            return Ok(Some(value));
        }
        self.unmake()?;
        let forgone = self.forgo(call);
        self.state = if self.has_taken() { State::Barred } else { State::Ready };
        forgone?;
        let notes = ops.start..call;
        for op in notes.filter(|op| program.kind(*op as usize) == OpKind::Notes) {
            self.instance.run_ops(op as usize..op as usize + 1);
        }
        let (boxed, ty) = value.into_parts();
        // SAFETY: there is room for a value of this type, and nothing in it: it was dropped, or never made.
        let put = unsafe { self.instance.raw(out).put(boxed, self.instance.place(out)) };
        if let Err(boxed) = put {
            return Ok(Some(Value::from_parts(boxed, ty)));
        }
        let rest = call as usize + 1..self.task.drops as usize;
        if let Some(Stop { op, fault }) = self.instance.run_ops(rest) {
            self.undo(op);
            return Err(fault);
        }
        self.state = State::Made;
        Ok(None)
    }

    /// Drops what a call would have taken that is not made.
    fn forgo(&mut self, call: u32) -> Result<(), Fault> {
        let effects = self.effects();
        let mut outcome = Ok(());
        for taken in effects.iter().filter(|it| !it.fills && it.op >= self.passed && it.op <= call) {
            // What it makes for itself alone has not been made.
            if !effects.iter().any(|other| other.fills && other.slot == taken.slot) {
                self.instance.states[taken.slot as usize].store(EMPTY, Ordering::Relaxed);
                let dropped = self.instance.drop_slot(taken.slot);
                outcome = outcome.and(dropped);
            }
        }
        self.passed = self.passed.max(call + 1);
        outcome
    }
}
