//! The beginning of a run that is a future: tasks in order, as far as nothing has to be waited for.

use std::task::{Context, Poll};

use crate::fault::Fault;
use crate::sync::atomic::Ordering;

use super::instance::{EMPTY, Instance, Stop};
use super::listen::NOT_IN_ORDER;
use super::task::{Claimed, State};
use super::waiting::Waiting;

/// No task was left that waits.
pub(super) const NOWHERE: usize = usize::MAX;

impl Claimed<'_> {
    /// Runs it in its place in the order, as far as it can without waiting.
    pub(crate) fn poll_in_order(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let (start, end) = (self.task.ops.start as usize, self.task.drops as usize);
        let Some(op) = self.instance.program.wait_in(start..end) else { return Poll::Ready(self.run()) };
        if let Some(stop) = self.instance.run_ops(start..op) {
            return Poll::Ready(self.ended(Some(stop)));
        }
        // SAFETY: the operation before has just been run. What has begun is dropped by who goes on with it, or else
        // before all other values.
        let stop = match unsafe { self.instance.poll_at(op, context) } {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(fault)) => Some(Stop { op, fault: *fault }),
            Poll::Ready(None) => self.instance.run_ops(op + 1..end),
        };
        Poll::Ready(self.ended(stop))
    }
}

impl Instance {
    /// Goes on by task before the next one in order.
    pub(crate) fn go_on_from(&mut self, rank: usize) {
        let start = self.program.tasks[rank].ops.start as usize;
        let full = self.full_after(start, start);
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
        self.by_task_from(rank, full);
        self.claimed[rank].store(false, Ordering::Relaxed);
    }

    /// Goes on by task beside one that waits. Whoever wants to go on with that one [resumes](Self::resume) it.
    pub(crate) fn go_on_beside(&mut self, rank: usize) {
        let program = std::sync::Arc::clone(&self.program);
        let task = &program.tasks[rank];
        let Some(op) = program.wait_in(task.ops.start as usize..task.drops as usize) else { return };
        let full = self.full_after(op, op);
        self.order.store(NOT_IN_ORDER, Ordering::Relaxed);
        self.by_task_from(rank, full);
        // What a task makes is there for others when it is over.
        for effect in program.effects_of(task).iter().filter(|effect| effect.fills) {
            self.set(effect.slot, EMPTY);
        }
        self.waits_at.store(op, Ordering::Relaxed);
    }

    /// The task that was left while it waits, for whoever asks first.
    pub(crate) fn resume(&self, rank: usize) -> Option<Claimed<'_>> {
        let op = self.waits_at.load(Ordering::Relaxed);
        if op == NOWHERE || self.program.task_of(op) != rank {
            return None;
        }
        let is_first = self.waits_at.compare_exchange(op, NOWHERE, Ordering::AcqRel, Ordering::Relaxed);
        is_first.ok()?;
        let mut task = Claimed::new(self, rank, State::Ready, false);
        task.passed = super::program::id(op);
        // SAFETY: the first pointer of the operation is to what has begun, and nobody else has come for it.
        let waiting = unsafe { self.pointer(op, 0).cast::<Waiting>().read() };
        task.waiting = Some((op, waiting));
        Some(task)
    }

    /// Drops what a task waits for that was left, and what it has made.
    pub(super) fn leave_waiting(&mut self) {
        let op = self.waits_at.load(Ordering::Relaxed);
        if op != NOWHERE
            && let Some(task) = self.resume(self.program.task_of(op))
        {
            task.end(None, |_, _| ());
        }
    }
}
