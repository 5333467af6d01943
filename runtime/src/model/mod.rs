//! What threads do to each other, tried in all the orders in which they can do it. See CONTRIBUTING.md for the command.
//!
//! The models run what everybody runs, with the types of [`sync`](crate::sync) replaced. Loom tries the orders, up to a
//! number of interruptions, and for each load all the values that it may see. It finds who waits for ever, and values that
//! are looked at, or dropped, without it being certain that they are there.

#![allow(clippy::unwrap_used, reason = "a model that cannot be run has failed")]

mod meet;
mod runs;

use std::cell::Cell;
use std::sync::Arc;

use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{join_pool, spawn_with_room};

/// Tries all ways in which a model can go, with up to so many interruptions. What it returns is kept until the pool has
/// nothing to do: loom does not know that a `std::sync::Arc` is dropped after all have used it.
fn explore<T>(interruptions: usize, model: impl Fn() -> T + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.max_branches = 100_000;
    let model = Arc::new(model);
    builder.check(move || {
        let model = Arc::clone(&model);
        let run = move || {
            let kept = model();
            join_pool();
            drop(kept);
        };
        spawn_with_room(run).join().unwrap();
        assert!(
            !TOO_EARLY.get(),
            "a value was looked at, or dropped, before it was certain that it could be"
        );
    });
}

/// A value of which loom knows who makes it, who looks at it, and who drops it.
#[derive(Debug)]
struct Watched(AtomicUsize);

thread_local! {
    /// Whether loom has found something wrong with a value. Its panics are taken for those of a node.
    static TOO_EARLY: Cell<bool> = const { Cell::new(false) };
}

impl Watched {
    fn new(number: usize) -> Self {
        Self(AtomicUsize::new(number))
    }

    fn get(&self) -> usize {
        noted(|| self.0.load(Ordering::Relaxed))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        noted(|| self.0.with_mut(|number| *number = usize::MAX));
    }
}

fn noted<T>(look: impl FnOnce() -> T) -> T {
    TOO_EARLY.set(true);
    let seen = look();
    TOO_EARLY.set(false);
    seen
}
