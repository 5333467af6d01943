//! However a run ends, those who were told of its beginning are told of its end, once.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use millstream::prelude::*;
use millstream::{AsyncHook, Hook, HookResult, RunEnd, RunInfo};
use tokio::task::yield_now;

/// Counts runs that go on, and writes down how they end.
#[derive(Clone, Default)]
struct Ends {
    ends: Arc<Mutex<(usize, Vec<String>)>>,
}

impl Hook for Ends {
    fn before_run(&self, _: &RunInfo<'_>) -> HookResult {
        self.ends.lock().unwrap().0 += 1;
        Ok(())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: &RunEnd<'_>) -> HookResult {
        let text = end.error().map_or_else(String::new, ToString::to_string);
        self.ends.lock().unwrap().1.push(text);
        Ok(())
    }
}

/// How the runs of a node that never ends, end.
fn ends(run: impl FnOnce(Driver<Graph>), limit: Option<Duration>) -> Vec<String> {
    let ends = Ends::default();
    let graph = Graph::builder().async_function("never", (), pending::<i32>).build().unwrap();
    let builder = graph.driver().hook(ends.clone());
    let builder = match limit {
        Some(limit) => builder.deadline(limit),
        None => builder,
    };
    run(builder.build().unwrap());
    let (begun, ends) = std::mem::take(&mut *ends.ends.lock().unwrap());
    assert_eq!(begun, ends.len());
    ends
}

#[test]
fn when_it_takes_too_long() {
    let limit = Some(Duration::from_millis(1));
    let late = |ends: Vec<String>| ends.len() == 1 && ends[0].starts_with("the run was not over within 1ms");
    assert!(late(ends(|driver| drop(driver.execute_named(["never"], ()).unwrap_err()), limit)));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let wait = |driver: Driver<Graph>| {
        drop(runtime.block_on(driver.execute_named_async(["never"], ())).unwrap_err());
    };
    assert!(late(ends(wait, limit)));
}

#[test]
fn when_its_future_is_dropped() {
    let give_up = |driver: Driver<Graph>| {
        let run = pin!(driver.execute_named_async(["never"], ()));
        assert!(run.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    };
    assert_eq!(ends(give_up, None), ["the run was given up: its future was dropped; 0 of 1 nodes had run"]);
}

/// Has no room for what it is told until somebody makes some, and looks for that over and over.
struct Busy {
    has_room: Arc<AtomicBool>,
    told: Sender<()>,
}

impl AsyncHook for Busy {
    async fn after_run(&self, _: &RunInfo<'_>, _: &RunEnd<'_>) -> HookResult {
        while !self.has_room.load(Ordering::SeqCst) {
            yield_now().await;
        }
        Ok(self.told.send(())?)
    }
}

#[test]
fn whoever_drops_its_future_is_not_kept() {
    let (has_room, (told, end)) = (Arc::<AtomicBool>::default(), channel());
    let graph = Graph::builder().async_function("never", (), pending::<i32>).build().unwrap();
    let driver = graph.driver().async_hook(Busy { has_room: Arc::clone(&has_room), told }).build().unwrap();
    {
        let run = pin!(driver.execute_named_async(["never"], ()));
        assert!(run.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    has_room.store(true, Ordering::SeqCst);
    end.recv().unwrap();
}

#[test]
fn what_would_block_a_runtime_does_not_begin() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = |driver: Driver<Graph>| {
        let error = runtime.block_on(async { driver.execute_named(["never"], ()).unwrap_err() });
        assert!(error.to_string().contains("use `execute_async`"), "{error}");
    };
    assert!(ends(refused, None).is_empty());
}
