//! Values that are counted, so that none is left over and none is dropped twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::fuse::Fuse;
use super::job::PANIC;

/// What has been made and not dropped.
#[derive(Clone, Default)]
pub struct Tally {
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    made: AtomicU64,
    live: AtomicUsize,
    /// The sum of the numbers of those that are there: one that is left over does not make up for one that was dropped
    /// twice.
    numbers: AtomicU64,
    /// The drop that panics.
    fuse: Fuse,
}

/// A value that is counted.
pub struct Counted {
    pub value: u64,
    number: u64,
    tally: Tally,
}

impl Tally {
    pub fn make(&self, value: u64) -> Counted {
        let number = self.counts.made.fetch_add(1, Ordering::Relaxed);
        self.counts.live.fetch_add(1, Ordering::SeqCst);
        self.counts.numbers.fetch_add(number, Ordering::SeqCst);
        Counted { value, number, tally: self.clone() }
    }

    /// The drop after so many panics.
    pub fn fuse(&self) -> &Fuse {
        &self.counts.fuse
    }

    /// How many are there, and which.
    pub fn live(&self) -> (usize, u64) {
        (self.counts.live.load(Ordering::SeqCst), self.counts.numbers.load(Ordering::SeqCst))
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.tally.make(self.value)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.tally.counts.live.fetch_sub(1, Ordering::SeqCst);
        self.tally.counts.numbers.fetch_sub(self.number, Ordering::SeqCst);
        assert!(std::thread::panicking() || !self.tally.counts.fuse.blows(), "{PANIC}, it was dropped");
    }
}
