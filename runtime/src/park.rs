//! Waiting for what others do: a little while with open eyes, then asleep.

use std::hint::spin_loop;
use std::sync::PoisonError;

use crate::sync::atomic::{AtomicUsize, Ordering, fence};
use crate::sync::{Condvar, Mutex, SPINS};

/// Threads that sleep until something has changed.
#[derive(Default)]
pub(crate) struct Parking {
    sleepers: AtomicUsize,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Parking {
    /// Waits until something is so. Whoever makes it so calls [`wake`](Self::wake) then.
    pub(crate) fn wait_until(&self, so: impl Fn() -> bool) {
        for _ in 0..SPINS {
            if so() {
                return;
            }
            spin_loop();
        }
        self.sleepers.fetch_add(1, Ordering::Relaxed);
        // Of two fences one comes first: either this sees the change, or who made it sees that somebody sleeps.
        fence(Ordering::SeqCst);
        let mut guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !so() {
            guard = self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        drop(guard);
        self.sleepers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Wakes those who sleep, for something has changed.
    pub(crate) fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.sleepers.load(Ordering::Relaxed) > 0 {
            // Nobody is between looking and falling asleep while this is held.
            drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner));
            self.changed.notify_all();
        }
    }
}
