//! What several peers need.

use std::sync::atomic::{AtomicU64, Ordering};

use millstream_benches::interpret::Task;
use millstream_benches::measure::{Contender, Failure};
use tokio::runtime::{Builder, Runtime};

use super::Peer;
use crate::THREADS;

impl Peer {
    pub(super) fn new(tasks: &[Task], contender: Contender<'static>) -> Self {
        Self { contender, nodes: tasks.len() }
    }
}

/// Where peers that pass no values between nodes leave theirs.
pub(super) struct Slots(Vec<AtomicU64>);

impl Slots {
    pub(super) fn of(tasks: &[Task]) -> Self {
        Self(tasks.iter().map(|_| AtomicU64::new(0)).collect())
    }

    /// The scheduler puts a node behind what it needs, and with that orders these accesses.
    pub(super) fn run(&self, index: usize, task: &Task) {
        let needs = task.needs.iter().map(|need| self.0[*need].load(Ordering::Relaxed));
        self.0[index].store(task.kernel.value(needs), Ordering::Relaxed);
    }

    pub(super) fn last(&self) -> u64 {
        self.0.last().map_or(0, |slot| slot.load(Ordering::Relaxed))
    }
}

pub(super) fn tokio_runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_multi_thread().worker_threads(THREADS).build()?)
}
