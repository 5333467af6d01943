//! What goes wrong from outside, at any point: runs that are called off or dropped, and panics in hooks, layers and
//! drops of values. Nothing is left, nothing goes on, and the driver runs as well afterwards as before.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use millstream::{
    BoxedError, CancellationToken, Driver, ErrorPolicy, Hook, HookResult, ItemEvent, Layer, NodeCall,
    NodeError, NodeEvent, RunInfo,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::agree::{Expected, failed};
use super::build;
use super::fuse::Fuse;
use super::job::{Desk, PANIC};
use super::legs::{self, LEGS, Leg};
use super::plot::Plot;
use super::spec::Case;
use super::tally::Tally;

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Mishap {
    /// A node calls the run off.
    Called,
    /// Another thread does.
    CalledFromOutside,
    /// The future is dropped when it has been polled so often.
    Abandoned,
    Drop,
    Hook,
    Layer,
}

pub fn mishap() -> impl Strategy<Value = (Mishap, usize)> {
    use Mishap::{Abandoned, Called, CalledFromOutside, Drop, Hook, Layer};
    let what = prop_oneof![
        Just(Called),
        Just(CalledFromOutside),
        Just(Abandoned),
        Just(Drop),
        Just(Hook),
        Just(Layer)
    ];
    (what, 1..30_usize)
}

/// Panics when its fuse blows.
struct Touchy(Arc<Fuse>);

impl Touchy {
    fn touch(&self) {
        assert!(!self.0.blows(), "{PANIC}, it was touched");
    }
}

impl Hook for Touchy {
    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.touch();
        Ok(())
    }

    fn before_node(&self, _: &NodeEvent<'_>) -> HookResult {
        self.touch();
        Ok(())
    }

    fn after_node(&self, _: &NodeEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.touch();
        Ok(())
    }

    fn before_item(&self, _: &ItemEvent<'_>) -> HookResult {
        self.touch();
        Ok(())
    }

    fn after_item(&self, _: &ItemEvent<'_>, _: Result<(), &NodeError>) -> HookResult {
        self.touch();
        Ok(())
    }
}

impl Layer for Touchy {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        self.touch();
        call.proceed()?;
        self.touch();
        Ok(())
    }
}

/// A run in which something goes wrong, and one in which nothing does.
pub fn check(case: &Case, mishap: (Mishap, usize)) -> TestCaseResult {
    let plot = &Plot::of(case);
    let (tally, desk) = (Tally::default(), Arc::<Desk>::default());
    let graph = build::graph(plot, &tally, &desk).map_err(|error| failed(&error))?;
    let kept = tally.live();
    for (leg, policy) in
        LEGS.into_iter().zip([ErrorPolicy::KeepGoing, ErrorPolicy::FailFast].into_iter().cycle())
    {
        let fuse = Arc::<Fuse>::default();
        let driver = leg.driver(&graph, plot, policy);
        let driver = match mishap.0 {
            Mishap::Hook => driver.hook(Touchy(Arc::clone(&fuse))),
            Mishap::Layer => driver.layer(Touchy(Arc::clone(&fuse))),
            _ => driver,
        };
        let driver = driver.build().map_err(|error| failed(&error))?;
        let fuse = match mishap.0 {
            Mishap::Drop => tally.fuse(),
            Mishap::Called => &desk.fuse,
            _ => &fuse,
        };
        desk.clear();
        go_wrong(mishap, leg, (&driver, plot), (&tally, &desk, fuse));
        prop_assert!(comes_to(&tally, kept), "left after {:?}: {:?}, not {:?}", leg, tally.live(), kept);
        desk.clear();
        let expected = Expected::of(plot, policy);
        expected.look(leg.run(&driver, plot, &tally, None), &desk)?;
        prop_assert_eq!(tally.live(), kept, "what is left after {:?}, {:?}", leg, policy);
    }
    Ok(())
}

/// A run in which something goes wrong.
fn go_wrong(
    (mishap, at): (Mishap, usize),
    leg: Leg,
    (driver, plot): (&Driver, &Plot),
    (tally, desk, fuse): (&Tally, &Desk, &Fuse),
) {
    let token = CancellationToken::new();
    desk.token.lock().unwrap().clone_from(&token);
    if let Mishap::Abandoned = mishap {
        let mut run = pin!(legs::future(driver, plot, tally, None));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..at {
            if run.as_mut().poll(&mut context).is_ready() {
                break;
            }
        }
        return;
    }
    if let Mishap::CalledFromOutside = mishap {
        let other = token.clone();
        let caller = std::thread::spawn(move || {
            (0..at * 100).for_each(|_| std::hint::spin_loop());
            other.cancel();
        });
        let run = leg.run(driver, plot, tally, Some(&token));
        drop(run);
        return caller.join().unwrap();
    }
    fuse.light(at);
    let run = leg.run(driver, plot, tally, Some(&token));
    fuse.put_out();
    drop(run);
}

/// Whether at last nothing else is left. What is being computed when a future is dropped is let finish.
fn comes_to(tally: &Tally, kept: (usize, u64)) -> bool {
    let begin = Instant::now();
    while tally.live() != kept {
        if begin.elapsed() > Duration::from_secs(10) {
            return false;
        }
        std::thread::yield_now();
    }
    true
}
