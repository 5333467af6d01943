//! Threads that have joined for a run: whoever has to wait helps with what others have to share.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError};

use crate::park::Parking;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Mutex, thread_local};

/// Work that several threads can do at once.
pub(crate) trait Shareable: Send + Sync {
    /// Does some of it, until there is nothing left to begin.
    fn help(&self);
}

/// The threads of a run.
#[derive(Default)]
pub(crate) struct Crew {
    open: Mutex<Vec<Arc<dyn Shareable>>>,
    /// How many there are.
    count: AtomicUsize,
    parking: Parking,
}

thread_local! {
    static CREW: RefCell<Option<Arc<Crew>>> = const { RefCell::new(None) };
}

/// The crew that this thread belongs to.
pub(crate) fn current() -> Option<Arc<Crew>> {
    CREW.with(|crew| crew.borrow().clone())
}

/// Makes this thread one of a crew, or of none, until the result is dropped.
pub(crate) fn join(crew: Option<Arc<Crew>>) -> Joined {
    Joined { before: CREW.with(|mine| mine.replace(crew)) }
}

/// That a thread belongs to a crew.
pub(crate) struct Joined {
    before: Option<Arc<Crew>>,
}

impl Drop for Joined {
    fn drop(&mut self) {
        let before = self.before.take();
        CREW.with(|mine| mine.replace(before));
    }
}

impl Crew {
    /// Lets the others help.
    pub(crate) fn share(&self, work: &Arc<dyn Shareable>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(Arc::clone(work));
        self.count.store(open.len(), Ordering::Relaxed);
        drop(open);
        self.parking.wake();
    }

    /// There is nothing left of it to begin.
    pub(crate) fn withdraw(&self, work: &Arc<dyn Shareable>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|other| !Arc::ptr_eq(other, work));
        self.count.store(open.len(), Ordering::Relaxed);
    }

    /// Waits until something is so, and helps meanwhile with what there is to be done. Whoever makes it so
    /// calls [`wake`](Self::wake) then.
    pub(crate) fn wait_until(&self, so: impl Fn() -> bool) {
        loop {
            self.parking.wait_until(|| so() || self.count.load(Ordering::Relaxed) > 0);
            if so() {
                return;
            }
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            // What was shared last is innermost: others wait for it.
            let work = open.last().cloned();
            drop(open);
            if let Some(work) = work {
                work.help();
                self.withdraw(&work);
            }
        }
    }

    /// Waits until something is so, without helping: what is waited for is being done.
    pub(crate) fn wait_only_until(&self, so: impl Fn() -> bool) {
        self.parking.wait_until(so);
    }

    pub(crate) fn wake(&self) {
        self.parking.wake();
    }
}
