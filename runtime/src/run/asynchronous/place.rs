//! Where a task that computes is run.

use crate::memory::Shared;
use crate::run::parallel;

use super::waits::Waits;
use super::{Pool, Work};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On the thread that polls the run.
    Here,
    Pool,
    /// On a thread of the pool, which others help.
    HelpedPool,
    /// On a thread of its own, for it may have to wait all the same.
    Thread,
    /// The same, where others may help.
    HelpedThread,
}

impl Work {
    /// Does something in its place.
    pub(super) fn run_in(&self, place: Place, go: impl FnOnce() + Send + 'static) {
        let pool = || *self.pool.get_or_init(Pool::here);
        match place {
            Place::Here => go(),
            Place::Pool => pool().spawn(go),
            Place::HelpedPool => pool().spawn(|| parallel::helped(go)),
            Place::Thread => self.host.on_a_thread(go),
            Place::HelpedThread => self.host.on_a_thread(|| parallel::helped(go)),
        }
    }

    /// Whether a task is one that waits without a thread.
    pub(super) fn awaits(&self, rank: u32) -> bool {
        self.waits().awaits(rank) && !self.log.needs_a_thread(rank as usize)
    }

    /// Where a task is run; here if nothing goes to the pool.
    pub(super) fn place(&self, rank: u32, is_alone: bool) -> Place {
        // What is not to run any more is not sent about.
        if self.log.is_over(rank as usize) {
            return Place::Here;
        }
        // A thread of the pool would wait for itself.
        let is_here =
            || rayon::current_thread_index().is_some() || is_alone || self.waits().cost(rank).is_cheap();
        // Who knows whether there will be a stream among the sources of a block within it.
        match (self.has_to_wait(rank), self.waits().nests(rank)) {
            (true, _) => Place::Thread,
            (false, true) => Place::HelpedThread,
            (false, false) if is_here() => Place::Here,
            (false, false) if self.log.is_block(rank) => Place::HelpedPool,
            (false, false) => Place::Pool,
        }
    }

    /// Whether a thread has to wait for a task: for items of a block that wait, for hooks in it, for an async node with
    /// layers round it that know only of threads, and where its time is limited.
    fn has_to_wait(&self, rank: u32) -> bool {
        let (log, waits) = (&self.log, self.waits());
        let streams =
            || Shared::enter(&self.shared).is_some_and(|entered| entered.takes_stream(rank as usize));
        log.limit(rank as usize).is_some()
            || waits.blocks(rank)
            || waits.awaits(rank)
            || log.is_block(rank) && (log.waits_for_hooks_inside() || streams())
    }

    pub(super) fn waits(&self) -> &Waits {
        self.log.plan.waits()
    }
}
