//! An instance that several threads use at once, until one has it for himself.

use std::cell::UnsafeCell;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::instance::Instance;

/// Set once nobody may enter any more.
const CLOSED: usize = 1 << (usize::BITS - 1);
/// Set once one has it for himself.
const OWNED: usize = 1 << (usize::BITS - 2);

/// An instance, and how many are using it.
pub(crate) struct Shared {
    /// There until somebody has it for himself.
    instance: UnsafeCell<Option<Instance>>,
    users: AtomicUsize,
}

// SAFETY: an instance may be used and moved by any thread; who uses it is counted.
unsafe impl Sync for Shared {}

impl Shared {
    pub(crate) fn new(instance: Instance) -> Self {
        Self { instance: UnsafeCell::new(Some(instance)), users: AtomicUsize::new(0) }
    }

    /// The instance, to be used together with others; not once it has been closed.
    pub(crate) fn enter(&self) -> Option<Entered<'_>> {
        let enter = |users: usize| (users & (CLOSED | OWNED) == 0).then_some(users + 1);
        self.users.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).ok().map(|_| Entered(self))
    }

    /// Lets nobody in any more.
    pub(crate) fn close(&self) {
        self.users.fetch_or(CLOSED, Ordering::SeqCst);
    }

    /// Whether all have left after it was closed.
    pub(crate) fn is_left(&self) -> bool {
        self.users.load(Ordering::SeqCst) == CLOSED
    }

    /// The instance for oneself, once all have left after it was closed.
    pub(crate) fn take(&self) -> Option<Instance> {
        self.users.compare_exchange(CLOSED, CLOSED | OWNED, Ordering::Acquire, Ordering::Relaxed).ok()?;
        // SAFETY: nobody uses it, and nobody can enter, or come here, any more.
        unsafe { &mut *self.instance.get() }.take()
    }
}

/// That one is using the instance.
pub(crate) struct Entered<'s>(&'s Shared);

impl Deref for Entered<'_> {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        // SAFETY: as long as somebody has entered, nobody takes it.
        let instance = unsafe { &*self.0.instance.get() };
        // SAFETY: it is there until it is taken.
        unsafe { instance.as_ref().unwrap_unchecked() }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.users.fetch_sub(1, Ordering::SeqCst);
    }
}
