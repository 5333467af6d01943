//! How threads wait for each other, and hand things over.

use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use loom::future::block_on;
use loom::thread;

use crate::memory::elsewhere;
use crate::park::Parking;
use crate::run::policy::Handover;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::spawn;

use super::{Watched, explore};

/// Whoever sleeps is woken by the last of several that have changed something.
#[test]
fn who_waits_is_woken() {
    explore(3, || {
        let met = Arc::new((Parking::default(), AtomicUsize::new(0)));
        for _ in 0..2 {
            let met = Arc::clone(&met);
            thread::spawn(move || {
                met.1.fetch_add(1, Ordering::Release);
                met.0.wake();
            });
        }
        met.0.wait_until(|| met.1.load(Ordering::Acquire) == 2);
    });
}

/// Several wait for the same, and for each other.
#[test]
fn all_who_wait_are_woken() {
    explore(2, || {
        let met = Arc::new((Parking::default(), AtomicUsize::new(0)));
        let both = || {
            let met = Arc::clone(&met);
            move || {
                met.1.fetch_add(1, Ordering::Release);
                met.0.wake();
                met.0.wait_until(|| met.1.load(Ordering::Acquire) == 2);
            }
        };
        let other = thread::spawn(both());
        both()();
        other.join().unwrap();
    });
}

/// What is handed over has one owner: who waits for it, or who made it.
#[test]
fn what_is_handed_over_has_one_owner() {
    for limit in [Duration::ZERO, Duration::MAX] {
        explore(3, move || {
            let handover = Arc::new(Handover::new());
            let abandoned = Arc::new(AtomicUsize::new(0));
            let (theirs, seen) = (Arc::clone(&handover), Arc::clone(&abandoned));
            let maker = thread::spawn(move || {
                let left = theirs.give(Watched::new(7)).err();
                // Before it knows of it, it has been told.
                left.map(|value| (value.get(), seen.load(Ordering::Relaxed)))
            });
            let taken = handover.wait(limit, || abandoned.store(1, Ordering::Relaxed));
            let left = maker.join().unwrap();
            match taken {
                Ok(value) => assert_eq!((value.get(), left), (7, None)),
                Err(()) => assert_eq!((limit, left), (Duration::ZERO, Some((7, 1)))),
            }
        });
    }
}

/// What is lent to the pool is used by it alone until it is back, also where nobody waits for that any more. What has not
/// begun by then never does.
#[test]
fn what_is_lent_comes_back() {
    for waits in [true, false] {
        explore(3, move || {
            let mut value = Watched::new(1);
            let mut lent = Box::pin(elsewhere(spawn, || Ok(value.0.with_mut(|number| *number += 1))));
            if waits {
                block_on(lent).unwrap();
                assert_eq!(value.get(), 2);
            } else {
                let _ = lent.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                drop(lent);
                assert!([1, 2].contains(&value.get()));
            }
        });
    }
}
