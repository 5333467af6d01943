//! When the tasks of a run have run, where somebody wants to know.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::schedule::Timing;

/// Empty where nobody wants to know.
#[derive(Default)]
pub(crate) struct Times {
    /// When the run began.
    begin: Option<Instant>,
    total: OnceLock<Duration>,
    /// By rank.
    tasks: Vec<Noted>,
}

/// When a task ran, in nanoseconds since the run began.
#[derive(Default)]
struct Noted {
    start: AtomicU64,
    /// 0 as long as it is not over.
    end: AtomicU64,
    /// One more than the number of its thread in the pool; 0 of others.
    thread: AtomicUsize,
}

impl Times {
    /// Those of a run of so many tasks, which begins now.
    pub(crate) fn of(tasks: usize) -> Self {
        let tasks = (0..tasks).map(|_| Noted::default()).collect();
        Self { begin: Some(Instant::now()), total: OnceLock::new(), tasks }
    }

    pub(crate) fn are_wanted(&self) -> bool {
        self.begin.is_some()
    }

    /// Nanoseconds since the run began.
    pub(crate) fn now(&self) -> Option<u64> {
        self.begin.map(|begin| u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Notes that the task of a rank has run since `start`, if that was not noted before. Gives the time.
    pub(crate) fn note(&self, rank: usize, start: Option<u64>) -> Option<u64> {
        let (noted, start, now) = (self.tasks.get(rank)?, start?, self.now()?);
        if noted.end.load(Ordering::Relaxed) == 0 {
            let thread = rayon::current_thread_index().map_or(0, |thread| thread + 1);
            noted.thread.store(thread, Ordering::Relaxed);
            noted.start.store(start, Ordering::Relaxed);
            noted.end.store(now.max(1), Ordering::Relaxed);
        }
        Some(now)
    }

    /// The run is over.
    pub(crate) fn end(&self) {
        if let Some(begin) = self.begin {
            let _ = self.total.set(begin.elapsed());
        }
    }

    /// When the task of a rank ran, if it did.
    pub(crate) fn of_task(&self, rank: usize) -> Option<Timing> {
        let noted = self.tasks.get(rank)?;
        let [start, end] = [&noted.start, &noted.end].map(|time| time.load(Ordering::Relaxed));
        (end > 0).then(|| Timing {
            start: Duration::from_nanos(start),
            duration: Duration::from_nanos(end.saturating_sub(start)),
            thread: noted.thread.load(Ordering::Relaxed).checked_sub(1),
        })
    }

    /// How long the run has taken.
    pub(crate) fn total(&self) -> Option<Duration> {
        self.total.get().copied()
    }
}
