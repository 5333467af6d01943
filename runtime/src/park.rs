//! Waiting for what others do: a little while with open eyes, then asleep.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// About as long as it takes to fall asleep and be woken.
const SPINS: u32 = 2_000;

/// Threads that sleep until something has changed.
#[derive(Default)]
pub(crate) struct Parking {
    sleepers: AtomicUsize,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Parking {
    /// Waits until something is so. Whoever makes it so does it with `SeqCst` and then calls [`wake`](Self::wake).
    pub(crate) fn wait_until(&self, so: impl Fn() -> bool) {
        for _ in 0..SPINS {
            if so() {
                return;
            }
            spin_loop();
        }
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        let mut guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked at after it was said that somebody sleeps: either this sees the change, or who made it sees this.
        while !so() {
            guard = self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        drop(guard);
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
    }

    /// Wakes those who sleep, for something has changed.
    pub(crate) fn wake(&self) {
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            // Nobody is between looking and falling asleep while this is held.
            drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner));
            self.changed.notify_all();
        }
    }
}
