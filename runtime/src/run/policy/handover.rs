//! Waiting for a thread, but not for ever.

use std::sync::PoisonError;
use std::time::Duration;

use crate::sync::{Condvar, Mutex};

/// Where a thread leaves what it has made, for one that waits for it for a time.
pub(crate) struct Handover<T> {
    phase: Mutex<Phase<T>>,
    changed: Condvar,
}

enum Phase<T> {
    Waiting,
    Given(T),
    /// Nobody waits any more, or it has been taken.
    Over,
}

impl<T> Handover<T> {
    pub(crate) fn new() -> Self {
        Self { phase: Mutex::new(Phase::Waiting), changed: Condvar::new() }
    }

    /// Hands something over.
    ///
    /// # Errors
    /// Gives it back where nobody waits any more.
    pub(crate) fn give(&self, thing: T) -> Result<(), T> {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*phase, Phase::Over) {
            return Err(thing);
        }
        *phase = Phase::Given(thing);
        drop(phase);
        self.changed.notify_all();
        Ok(())
    }

    /// Waits for it.
    ///
    /// # Errors
    /// If it does not come in time, what `abandon` says, which is called before the other can know of it.
    pub(crate) fn wait<E>(&self, limit: Duration, abandon: impl FnOnce() -> E) -> Result<T, E> {
        let phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |phase: &mut Phase<T>| matches!(phase, Phase::Waiting);
        let waited = self.changed.wait_timeout_while(phase, limit, waits);
        let (mut phase, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *phase, Phase::Over) {
            Phase::Given(thing) => Ok(thing),
            Phase::Waiting | Phase::Over => Err(abandon()),
        }
    }
}
