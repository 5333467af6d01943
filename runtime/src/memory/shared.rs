//! An instance that several threads use at once, until one has it for himself.

use std::cell::UnsafeCell;
use std::ops::Deref;

use crate::node::NodeValue;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::value::Value;

use super::instance::Instance;
use super::program::SlotId;

/// Set once nobody may enter any more.
const CLOSED: usize = 1 << (usize::BITS - 1);
/// Set once one has it for himself.
const OWNED: usize = 1 << (usize::BITS - 2);

/// An instance, and how many are using it.
pub(crate) struct Shared {
    /// There until somebody has it for himself.
    instance: UnsafeCell<Option<Box<Instance>>>,
    users: AtomicUsize,
    /// How many are using it that nobody waits for.
    detached: AtomicUsize,
}

// SAFETY: an instance may be used and moved by any thread; who uses it is counted.
unsafe impl Send for Shared {}
// SAFETY: the same.
unsafe impl Sync for Shared {}

/// What there is of an instance when all have left.
pub(crate) enum Rest {
    /// It, for oneself.
    Own(Box<Instance>),
    /// It, together with those that nobody waits for.
    Left(Left),
}

impl Shared {
    pub(crate) fn new(instance: Box<Instance>) -> Self {
        let instance = UnsafeCell::new(Some(instance));
        Self { instance, users: AtomicUsize::new(0), detached: AtomicUsize::new(0) }
    }

    /// The instance, to be used together with others; not once it has been closed.
    pub(crate) fn enter(this: &Arc<Self>) -> Option<Entered<'_>> {
        let enter = |users: usize| (users & (CLOSED | OWNED) == 0).then_some(users + 1);
        this.users.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).ok().map(|_| Entered(this))
    }

    /// Lets nobody in any more.
    pub(crate) fn close(&self) {
        self.users.fetch_or(CLOSED, Ordering::Relaxed);
    }

    /// Whether all have left after it was closed.
    pub(crate) fn is_left(&self) -> bool {
        self.users.load(Ordering::Acquire) == CLOSED
    }

    /// The instance, once all have left after it was closed, for the one who comes first.
    pub(crate) fn take(this: &Arc<Self>) -> Option<Rest> {
        this.users.compare_exchange(CLOSED, CLOSED | OWNED, Ordering::Acquire, Ordering::Relaxed).ok()?;
        // Only who has entered can make there be more of them.
        if this.detached.load(Ordering::Acquire) > 0 {
            return Some(Rest::Left(Left(Detached::new(this))));
        }
        // SAFETY: nobody uses it, and nobody can enter, or come here, any more.
        unsafe { &mut *this.instance.get() }.take().map(Rest::Own)
    }

    /// # Safety
    /// The instance has not been taken, and will not be for as long as the reference is used.
    unsafe fn instance(&self) -> &Instance {
        // SAFETY: the caller's promise.
        let instance = unsafe { &*self.instance.get() };
        // SAFETY: it is there until it is taken.
        unsafe { instance.as_ref().unwrap_unchecked() }
    }
}

/// That one is using the instance.
pub(crate) struct Entered<'s>(&'s Arc<Shared>);

impl Entered<'_> {
    /// The instance for somebody whom nobody will wait for.
    pub(super) fn detach(&self) -> Detached {
        Detached::new(self.0)
    }
}

impl Deref for Entered<'_> {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        // SAFETY: as long as somebody has entered, nobody takes it.
        unsafe { self.0.instance() }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.users.fetch_sub(1, Ordering::Release);
    }
}

/// That one is using the instance, and nobody waits for that to end.
pub(super) struct Detached(Arc<Shared>);

impl Detached {
    /// For somebody who has entered, or has it for himself.
    fn new(shared: &Arc<Shared>) -> Self {
        shared.detached.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Deref for Detached {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        // SAFETY: as long as there is such a one, nobody takes it.
        unsafe { self.0.instance() }
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        self.0.detached.fetch_sub(1, Ordering::Release);
    }
}

/// An instance of which all tasks are over but for those that nobody waits for. There is one of a kind.
pub(crate) struct Left(Detached);

impl Left {
    /// Takes out what is in a slot; clones it, where somebody may still look at it.
    pub(crate) fn take<T: NodeValue>(&mut self, slot: SlotId) -> Option<T> {
        // SAFETY: nobody else takes anything out, and there are no tasks but those that nobody waits for.
        unsafe { self.0.take_beside(slot) }
    }

    /// The same in a box.
    pub(crate) fn take_boxed(&mut self, slot: SlotId) -> Option<Value> {
        // SAFETY: the same.
        unsafe { self.0.take_boxed_beside(slot) }
    }
}
