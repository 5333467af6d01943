//! The beginning of a run: as long as nothing has to wait, tasks are run one after another. That takes no account of who
//! waits for whom, and so costs no more than where nobody could wait.

use std::task::{Context, Poll};

use crate::crew;
use crate::fault::Fault;
use crate::memory::Instance;
use crate::run::fate::Fate;
use crate::run::log::Log;
use crate::run::plan::{Plan, to_u32};
use crate::sync::Instant;

use super::Host;
use super::drive::{STEPS, TURN};

/// How far a run has come.
#[derive(Clone, Copy)]
pub(super) struct Ahead {
    /// How many tasks are over: the first ones.
    pub(super) over: usize,
    /// Whether the one after them has begun, and waits.
    pub(super) waits: bool,
}

impl Ahead {
    fn to(over: usize) -> Self {
        Self { over, waits: false }
    }

    /// Whether there is nothing more to be done.
    pub(super) fn is_all(self, plan: &Plan) -> bool {
        self.over == plan.tasks.len()
    }
}

impl Log {
    /// Runs tasks in order, up to the first that has to wait, fails, or takes long. The others are to be run one by one.
    pub(super) fn go_ahead(&self, instance: &mut Instance, host: Host, context: &mut Context<'_>) -> Ahead {
        if !self.may_go_ahead() || !instance.begin_in_order() {
            instance.by_task();
            return Ahead::to(0);
        }
        // Whoever polls may belong to a run of its own, which has nothing to do with this one.
        let _joined = crew::join(None);
        let (waits, begin) = (self.plan.waits(), Instant::now());
        while let Some(mut task) = instance.next_in_order() {
            let rank = task.rank();
            let is_turn_over = rank % STEPS as usize == STEPS as usize - 1 && begin.elapsed() > TURN;
            if is_turn_over || !self.goes_ahead(rank) {
                instance.go_on_from(rank);
                return Ahead::to(rank);
            }
            let ended = if waits.awaits(to_u32(rank)) {
                host.with(|| task.poll_in_order(context))
            } else {
                waits.cost(to_u32(rank)).noted(|| Poll::Ready(task.run()))
            };
            match ended {
                Poll::Ready(Ok(())) => task.pass(|slot, fault| self.not_dropped(slot, fault)),
                Poll::Ready(Err(fault)) => {
                    let left = task.leave();
                    let fate = self.fate_of(rank, fault);
                    self.end_task(instance.go_on_after(&left), rank, Some(fate));
                    return Ahead::to(rank + 1);
                }
                Poll::Pending => {
                    instance.go_on_beside(rank);
                    return Ahead { over: rank, waits: true };
                }
            }
        }
        instance.end_in_order();
        Ahead::to(self.plan.tasks.len())
    }

    /// Whether nobody wants to know of single tasks, or may abandon one.
    fn may_go_ahead(&self) -> bool {
        let is_watched = self.listens_to_tasks() || self.times.are_wanted() || self.halt.has_deadline();
        !is_watched && !self.plan.program.has_strays()
    }

    /// Whether a task is to be run once, and is over at once, as far as anybody knows.
    fn goes_ahead(&self, rank: usize) -> bool {
        let (waits, task) = (self.plan.waits(), to_u32(rank));
        let is_tried_once = self.retry(rank).is_none() && self.limit(rank).is_none();
        let is_short = waits.awaits(task) || !self.is_block(task) && waits.cost(task).is_cheap();
        is_tried_once && is_short && !self.is_over(rank)
    }

    fn fate_of(&self, rank: usize, fault: Fault) -> Fate {
        if fault.is_stop() { Fate::NotReached } else { Fate::Failed(self.failed(rank, fault, 1)) }
    }
}
