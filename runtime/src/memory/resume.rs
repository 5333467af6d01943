//! From a run in order to tasks that are run one by one, where something is amiss.

use std::sync::Arc;

use crate::error::NodeError;
use crate::fault::Fault;
use crate::run::Keeper;
use crate::sync::atomic::Ordering;

use super::instance::{EMPTY, FULL, Instance, MISSING, Stop};
use super::program::{OpKind, SlotId};
use super::task::Claimed;

impl Instance {
    /// Says what is missing of the imports, and why.
    pub(super) fn set_missing(&mut self, missing: &Arc<[(SlotId, NodeError)]>) {
        self.missing = Arc::clone(missing);
        for (slot, _) in missing.iter() {
            self.set(*slot, MISSING);
        }
    }

    /// Makes ready for tasks to be run one by one from the one on whose operation the run has stopped. That one is
    /// [over](Claimed::end) when the caller says so.
    pub(crate) fn go_on_by_task(&mut self) -> Option<Claimed<'_>> {
        if let Some(left) = self.left_at.take() {
            return Some(self.go_on_after(&left));
        }
        let op = self.stopped.take()?;
        let rank = self.program.task_of(op);
        let full = self.full_after(op + 1, op);
        self.by_task_from(rank, full);
        Some(Claimed::stopped(self, rank, op))
    }

    /// Gives those who tolerate it the error for what is missing of the imports.
    pub(super) fn hand_on_missing(&self) {
        for (slot, error) in self.missing.iter() {
            if let Some(cell) = self.error(*slot) {
                let _ = cell.set(error.clone());
            }
        }
    }

    /// Whether the tasks of an item have to be run one by one: something may stand in for others, or is missing of the
    /// imports.
    pub(super) fn goes_by_task(&self) -> bool {
        !self.program.is_in_order() || !self.missing.is_empty()
    }

    /// Runs the first task, which takes an item, and makes ready for the others to be run one by one.
    pub(super) async fn take_item(&mut self, item: usize, log: &Keeper) -> Result<(), Stop> {
        self.here().set_item(item);
        if log.is_over() {
            return Err(Stop { op: 0, fault: Fault::Stopped });
        }
        let program = Arc::clone(&self.program);
        let (task, mut from) = (&program.tasks[0], 0);
        while let Some(Stop { op, fault }) = self.run_ops(from..task.ops.end as usize) {
            let OpKind::Drop(slot) = program.kind(op) else {
                self.stopped = Some(op);
                return Err(Stop { op, fault });
            };
            log.not_dropped(program.node_of(slot), fault);
            from = op + 1;
        }
        let end = task.ops.end as usize;
        self.by_task_from(0, self.full_after(end, end));
        self.release(task, |_, _| ());
        self.begin_item().await;
        Ok(())
    }

    /// Makes ready for tasks to be run one by one after the one on whose operation the run has stopped, where that was to
    /// drop a value, and all others of the task can be dropped later. Says whether it can.
    pub(super) fn go_on_after_drop(&mut self, op: usize) -> bool {
        if self.stopped.take_if(|stopped| *stopped == op).is_none() {
            return false;
        }
        let rank = self.program.task_of(op);
        let full = self.full_after(op + 1, op + 1);
        self.by_task_from(rank, full);
        let program = Arc::clone(&self.program);
        self.release(&program.tasks[rank], |_, _| ());
        true
    }

    /// Makes ready for tasks to be run one by one after that of a rank, with what is full at that time.
    pub(super) fn by_task_from(&mut self, rank: usize, full: Vec<bool>) {
        let program = Arc::clone(&self.program);
        for (slot, full) in (0..).zip(full) {
            if !program.slots[slot as usize].is_import() {
                self.set(slot, if full { FULL } else { EMPTY });
            }
        }
        for uses in &self.uses {
            uses.store(0, Ordering::Relaxed);
        }
        for read in program.tasks[rank..].iter().flat_map(|task| program.reads_of(task)) {
            if program.slots[read.slot as usize].uses > 0 {
                self.uses[read.slot as usize].fetch_add(1, Ordering::Relaxed);
            }
        }
        for claimed in &self.claimed[..=rank] {
            claimed.store(true, Ordering::Relaxed);
        }
        self.by_task = true;
    }
}
