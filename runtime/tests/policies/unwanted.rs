//! Whoever is at work on what nobody wants any more sees it, and the runs within end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use millstream::prelude::*;
use millstream::{Driver, Error, ErrorKind, ErrorPolicy, Feed, Nodes, Retry};

use super::support::{BOTH, in_pool};

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(20);

/// Waits until it is told that nobody wants what it comes to. Says whether it was.
fn is_told(run: NodeContext<'_>) -> bool {
    let begin = Instant::now();
    while !run.is_cancelled() {
        if begin.elapsed() > LONG {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// A driver for a run within a node. Its first node waits until it is told, its second must not begin.
fn within() -> Result<Driver, Error> {
    let graph =
        Graph::builder().function("first", (), is_told).function("second", ["first"], |told: &bool| *told);
    graph.build()?.driver().build()
}

/// Begins a run within a node, and tells how it has ended.
fn begin(inner: &Driver, run: NodeContext<'_>, ends: &Sender<Result<bool, Error>>) {
    let ended = inner.within(run).execute_named(["second"], ()).and_then(|mut run| run.take("second"));
    ends.send(ended).unwrap();
}

#[track_caller]
fn assert_ended(ended: Result<bool, Error>) {
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn a_node_whose_time_is_over() -> Result<(), Error> {
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let (inner, (ends, ended), (tells, told)) = (within()?, mpsc::channel(), mpsc::channel());
            let graph = Graph::builder()
                .function("slow", (), move |run: NodeContext<'_>| begin(&inner, run, &ends))
                .function("slower", (), move |run: NodeContext<'_>| tells.send(is_told(run)).unwrap())
                .build()?;
            let driver = graph.driver().executor(executor).on_error(policy);
            let driver = driver.timeout(Nodes::all(), SHORT).build()?;
            let _ = in_pool(|| driver.execute_named(["slow", "slower"], ()));
            let _ = in_pool(|| driver.execute_named(["slower"], ()));
            assert!(told.recv().unwrap());
            assert_ended(ended.recv().unwrap());
        }
    }
    Ok(())
}

/// Each attempt has a time of its own.
#[test]
fn an_attempt_whose_time_is_over_beside_the_next_one() -> Result<(), Error> {
    for executor in BOTH {
        let (tells, told) = mpsc::channel();
        let attempts = AtomicUsize::new(0);
        let graph = Graph::builder()
            .function("slow", (), move |run: NodeContext<'_>| {
                if attempts.fetch_add(1, Ordering::SeqCst) == 0 {
                    tells.send(is_told(run)).unwrap();
                }
                run.is_cancelled()
            })
            .build()?;
        let retry = Retry::times(1);
        let driver = graph.driver().executor(executor).retry(Nodes::all(), retry);
        let driver = driver.timeout(Nodes::all(), Duration::from_millis(200)).build()?;
        assert_eq!(in_pool(|| driver.execute_named(["slow"], ()))?.get::<bool>("slow")?, &false);
        assert!(told.recv().unwrap());
    }
    Ok(())
}

/// A run of a graph that fails while `work` is done, as a future where `waits`.
fn fail_beside(work: impl Fn(NodeContext<'_>) + Send + Sync + 'static, waits: bool) -> Result<(), Error> {
    let meeting = Arc::new(Barrier::new(2));
    let theirs = Arc::clone(&meeting);
    let graph = Graph::builder()
        .try_function("fails", (), move || {
            meeting.wait();
            Err::<(), _>("no")
        })
        .function("works", (), move |run: NodeContext<'_>| {
            theirs.wait();
            work(run);
        })
        .async_function("waits", (), async || ())
        .function("both", [Feed::group(["fails", "works"])], |both: Vec<&()>| both.len());
    let driver = graph.build()?.driver().executor(Executor::Rayon);
    let error = if waits {
        // So each has a thread of its own, however many there are in the pool.
        let driver = driver.timeout(Nodes::all(), LONG).build()?;
        driver.execute_named(["both", "waits"], ())
    } else {
        let driver = driver.build()?;
        in_pool(|| driver.execute_named(["both"], ()))
    };
    let error = error.unwrap_err();
    assert_eq!(error.failure().unwrap().node(), "fails");
    Ok(())
}

#[test]
fn a_node_of_a_run_that_has_failed() -> Result<(), Error> {
    for waits in [false, true] {
        let (inner, (ends, ended), (tells, told)) = (within()?, mpsc::channel(), mpsc::channel());
        fail_beside(move |run| tells.send(is_told(run)).unwrap(), waits)?;
        assert!(told.recv().unwrap());
        fail_beside(move |run| begin(&inner, run, &ends), waits)?;
        assert_ended(ended.recv().unwrap());
    }
    Ok(())
}

/// One that might fail, too, and would come first, goes on.
#[test]
fn not_a_node_whose_failure_would_count() -> Result<(), Error> {
    let (inner, meeting) = (within()?, Arc::new(Barrier::new(2)));
    let (theirs, (ends, ended)) = (meeting.clone(), mpsc::channel());
    let graph = Graph::builder()
        .function("first", (), move |run: NodeContext<'_>| {
            meeting.wait();
            let inner = inner.within(run).override_named("first", true).execute_named(["second"], ());
            ends.send((inner.is_ok(), run.is_cancelled())).unwrap();
        })
        .try_function("fails", (), move || {
            theirs.wait();
            Err::<(), _>("no")
        })
        .function("all", [Feed::group(["first", "fails"])], |all: Vec<&()>| all.len())
        .build()?;
    let driver = graph.driver().executor(Executor::Rayon).build()?;
    assert!(in_pool(|| driver.execute_named(["all"], ())).is_err());
    assert_eq!(ended.recv().unwrap(), (true, false));
    Ok(())
}

/// An item of which another thread makes something, while one before it fails.
#[test]
fn an_item_after_one_that_has_failed() -> Result<(), Error> {
    for is_nested in [false, true] {
        let (inner, meeting, (ends, ended)) = (within()?, Barrier::new(2), mpsc::channel());
        let ends = Mutex::new(ends);
        let work = move |item: u64, run: NodeContext<'_>| match item {
            // So long that the others are worth a thread each.
            0 => {
                let begin = Instant::now();
                while begin.elapsed() < Duration::from_millis(1) {
                    std::hint::spin_loop();
                }
                Ok(())
            }
            1 => {
                meeting.wait();
                Err("no")
            }
            _ => {
                meeting.wait();
                begin(&inner, run, &ends.lock().unwrap());
                Ok(())
            }
        };
        let builder = Graph::builder().expand("item", (), || Parallelizable::new(0..3_u64));
        let graph = if is_nested {
            builder
                .expand("part", ["item"], |item: &u64| Parallelizable::new([*item]))
                .try_function("work", ["part"], move |item: &u64, run: NodeContext<'_>| work(*item, run))
                .function("worked", ["work"], |all: Collect<'_, ()>| all.len())
                .function("all", ["worked"], |all: Collect<'_, usize>| all.len())
        } else {
            builder
                .try_function("work", ["item"], move |item: &u64, run: NodeContext<'_>| work(*item, run))
                .function("all", ["work"], |all: Collect<'_, ()>| all.len())
        };
        let driver = graph.build()?.driver().executor(Executor::Rayon).build()?;
        let error = in_pool(|| driver.execute_named(["all"], ())).unwrap_err();
        assert_eq!(error.failure().unwrap().items()[0], 1);
        assert_ended(ended.recv().unwrap());
    }
    Ok(())
}
