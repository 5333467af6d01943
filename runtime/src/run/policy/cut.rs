//! Where a run, or a block, ends early: at what has failed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::cancel::{CancellationToken, WeakToken};

/// The first task of a run, or item of a block, that has failed. What comes before it goes on, for it may fail, too;
/// what comes after it is not wanted any more.
#[derive(Default)]
pub(crate) struct Cut {
    /// One more than its number; 0 if there is none.
    end: AtomicUsize,
    /// What ends the runs within each.
    within: Mutex<Vec<(usize, WeakToken)>>,
}

impl Cut {
    /// One more than the number of the first that has failed; 0 if none has.
    pub(crate) fn end(&self) -> usize {
        self.end.load(Ordering::Acquire)
    }

    /// Whether one comes after what has failed.
    pub(crate) fn is_behind(&self, number: usize) -> bool {
        let end = self.end();
        end != 0 && number >= end
    }

    /// One has failed.
    pub(crate) fn at(&self, number: usize) {
        let earlier = |end: usize| (end == 0 || number + 1 < end).then_some(number + 1);
        if self.end.fetch_update(Ordering::AcqRel, Ordering::Acquire, earlier).is_err() {
            return;
        }
        let within = self.within.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = within.iter().filter(|(other, _)| *other > number);
        let tokens: Vec<_> = behind.filter_map(|(_, token)| token.upgrade()).collect();
        drop(within);
        tokens.iter().for_each(CancellationToken::cancel);
    }

    /// What ends the runs within one.
    pub(crate) fn token(&self, number: usize) -> CancellationToken {
        let token = CancellationToken::new();
        let mut within = self.within.lock().unwrap_or_else(PoisonError::into_inner);
        within.retain(|(_, token)| token.upgrade().is_some());
        within.push((number, token.downgrade()));
        drop(within);
        if self.is_behind(number) {
            token.cancel();
        }
        token
    }
}
