//! Something that happens once, after so many times that it might have happened.

use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Default)]
pub struct Fuse {
    /// None, if it is not lit.
    left: AtomicUsize,
}

impl Fuse {
    /// It blows when it is asked for this time, from 1.
    pub fn light(&self, at: usize) {
        self.left.store(at, Ordering::SeqCst);
    }

    pub fn put_out(&self) {
        self.light(0);
    }

    /// Whether it blows now.
    pub fn blows(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less) == Ok(1)
    }
}
