//! Nodes and runs that may take only so long. Those that take longer end when the test says so.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millstream::prelude::*;
use millstream::{Error, ErrorKind, ErrorPolicy, NodeErrorKind, Nodes, Outcome, Own, Retry};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

/// More than anything here takes that is to end in time.
const LONG: Duration = Duration::from_mins(1);
/// Less than anything here takes that is not.
const SHORT: Duration = Duration::from_millis(20);
/// So that something has begun when it is over, also where there is much else to do.
const ENOUGH: Duration = Duration::from_millis(500);

/// Something that waits until the sender is dropped.
fn gate() -> (Sender<()>, impl Fn() + Send + Sync + Clone) {
    let (open, wait) = mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    (open, move || assert!(wait.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv().is_err()))
}

/// Waits until nothing is left.
fn until_gone(counter: &Counter) {
    while counter.live() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_node_that_is_over_in_time_is_like_any_other() -> Result<(), Error> {
    quiet();
    let counter = Counter::default();
    let (first, second) = (counter.clone(), counter.clone());
    let graph = Graph::builder()
        .function("rows", (), move || first.make(3))
        .function("more", (), move || second.make(4))
        .function("pair", ["rows", "more"], |rows: &Counted, Own(more): Own<Counted>| (rows.clone(), more))
        .parts(["low", "high"], |pair: (Counted, Counted)| pair)
        .function("group", [millstream::Feed::group(["low", "high"])], |all: Vec<&Counted>| {
            all.iter().map(|one| one.value).sum::<u64>()
        })
        .try_function("fails", ["low"], |low: &Counted| Err::<u64, _>(format!("no {}", low.value)))
        .function("panics", ["low"], |low: &Counted| -> u64 { panic!("oh {}", low.value) })
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).on_error(ErrorPolicy::KeepGoing);
        let driver = driver.timeout(Nodes::all(), LONG).build()?;
        for _ in 0..2 {
            let run = in_pool(|| driver.execute_named(["group", "fails", "panics"], ()))?;
            assert_eq!(run.get::<u64>("group")?, &7);
            assert_eq!(format!("{:#}", run.get::<u64>("fails").unwrap_err()), "node `fails` failed: no 3");
            assert_eq!(run.get::<u64>("panics").unwrap_err().to_string(), "node `panics` panicked: oh 3");
            assert_eq!(counter.live(), 0);
        }
    }
    Ok(())
}

#[test]
fn one_that_is_not_has_failed_and_keeps_what_it_looks_at() -> Result<(), Error> {
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let counter = Counter::default();
            let (open, wait) = gate();
            let (first, second, third) = (counter.clone(), counter.clone(), counter.clone());
            let graph = Graph::builder()
                .function("borrowed", (), move || first.make(1))
                .value_type(millstream::value_type!(Counted))
                .function("owned", (), move || second.make(2))
                .function(
                    "slow",
                    ["borrowed", "owned"],
                    move |borrowed: &Counted, Own(owned): Own<Counted>| {
                        wait();
                        third.make(borrowed.value + owned.value)
                    },
                )
                .function("after", ["slow"], |slow: &Counted| slow.value)
                .function("takes", ["borrowed"], |Own(borrowed): Own<Counted>| borrowed.value)
                .build()?;
            let driver = graph.driver().executor(executor).on_error(policy);
            let driver = driver.timeout(Nodes::named(["slow"]), SHORT).build()?;
            let run = in_pool(|| driver.execute_named(["after", "takes", "borrowed"], ()));
            match run {
                Err(error) => {
                    assert_eq!(
                        error.to_string(),
                        "node `slow` took too long: more than 20ms; it was needed on the way `slow` -> `after`"
                    );
                    assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::TimedOut);
                }
                Ok(mut run) => {
                    assert_eq!(
                        short(&run.report()),
                        "borrowed done, owned done, slow failed, after skipped [slow], takes done"
                    );
                    assert_eq!(run.get::<u64>("takes")?, &1);
                    // It is looked at still, so this is a clone.
                    assert_eq!(run.take::<Counted>("borrowed")?.value, 1);
                    drop(run);
                }
            }
            // What it looks at, and what it has taken, is there until it ends, and then nothing is.
            assert_eq!(counter.live(), 2);
            drop(open);
            until_gone(&counter);
        }
    }
    Ok(())
}

#[test]
fn the_run_goes_on_without_it() -> Result<(), Error> {
    for executor in BOTH {
        let (open, wait) = gate();
        let graph = Graph::builder()
            .function("slow", (), move || {
                wait();
                1
            })
            .fallback_value(2)
            .function("used", ["slow"], |slow: &i32| slow * 10)
            .function("slower", (), {
                let (hold, wait) = gate();
                move || {
                    let _hold = &hold;
                    wait();
                }
            })
            .function("shown", ["slower"], |slower: Result<&(), &NodeError>| slower.unwrap_err().to_string())
            .build()?;
        let driver =
            graph.driver().executor(executor).timeout(Nodes::named(["slow", "slower"]), SHORT).build()?;
        let run = in_pool(|| driver.execute_named(["used", "shown"], ()))?;
        assert_eq!(run.get::<i32>("used")?, &20);
        assert_eq!(run.get::<String>("shown")?, "node `slower` took too long: more than 20ms");
        assert!(matches!(run.report().outcome("slow"), Some(Outcome::FellBack { .. })));
        drop(open);
    }
    Ok(())
}

#[test]
fn it_may_be_tried_again_beside_what_still_runs() -> Result<(), Error> {
    for executor in BOTH {
        let counter = Counter::default();
        let (open, wait) = gate();
        let (first, second, calls) = (counter.clone(), counter.clone(), AtomicUsize::new(0));
        let graph = Graph::builder()
            .function("rows", (), move || first.make(5))
            .value_type(millstream::value_type!(Counted))
            .function("slow", ["rows"], move |Own(rows): Own<Counted>| {
                if calls.fetch_add(1, Ordering::SeqCst) < 2 {
                    wait();
                }
                second.make(rows.value)
            })
            .build()?;
        let driver = graph.driver().executor(executor).retry(Nodes::all(), Retry::times(2));
        let driver = driver.timeout(Nodes::named(["slow"]), Duration::from_millis(200)).build()?;
        let mut run = in_pool(|| driver.execute_named(["slow"], ()))?;
        assert_eq!(run.report().nodes()[1].attempts, 3);
        assert_eq!(run.take::<Counted>("slow")?.value, 5);
        drop(run);
        drop(open);
        until_gone(&counter);
        // Memory that is left is used again only when nobody is in it.
        let mut run = in_pool(|| driver.execute_named(["slow"], ()))?;
        assert_eq!(run.take::<Counted>("slow")?.value, 5);
        drop(run);
        assert_eq!(counter.live(), 0);
    }
    Ok(())
}

#[test]
fn what_it_may_look_at_for_ever_must_be_cloned() -> Result<(), Error> {
    struct Once;
    let graph = Graph::builder()
        .function("handle", (), || Once)
        .function("looks", ["handle"], |_: &Once| 1)
        .function("takes", ["handle"], |_: Own<Once>| 2)
        .build()?;
    assert!(graph.driver().build()?.execute_named(["looks", "takes"], ()).is_ok());
    let driver = graph.driver().timeout(Nodes::named(["looks"]), LONG).build()?;
    let problem = |outputs: &[&str]| driver.execute_named(outputs, ()).unwrap_err().to_string();
    assert_eq!(
        problem(&["looks", "takes"]),
        "the value of `handle` would have to be cloned, but `Once` is not `Clone`: `takes` takes it by value, and `looks` may still look at it when its time is over; derive `Clone` for `Once` and make that known, with `value_type(value_type!(Once))` after its node, or take it by reference"
    );
    assert_eq!(
        problem(&["looks", "handle"]),
        "`handle` is asked for, and `looks` may still look at it when its time is over, but `Once` cannot be cloned; derive `Clone` for `Once` and make that known, with `value_type(value_type!(Once))` after its node, or ask for something else"
    );
    Ok(())
}

#[dataflow]
mod flow {
    #[node(timeout = "20ms", retries = 1)]
    pub fn slow(open: &std::sync::Mutex<std::sync::mpsc::Receiver<()>>) -> bool {
        open.lock().unwrap().recv().is_ok()
    }

    #[inputs]
    pub struct Inputs {
        pub open: std::sync::Mutex<std::sync::mpsc::Receiver<()>>,
    }
}

#[test]
fn a_node_says_itself_how_long_it_may_take() -> Result<(), Error> {
    for executor in BOTH {
        let (open, wait) = mpsc::channel();
        let driver = flow::driver().executor(executor).build()?;
        let error = driver.execute::<flow::slow>(flow::Inputs { open: Mutex::new(wait) }).unwrap_err();
        assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::TimedOut);
        assert_eq!(error.failure().unwrap().attempts(), 2);
        drop(open);
        // What the driver is told counts before.
        let (open, wait) = mpsc::channel();
        let driver = flow::driver().executor(executor).timeout(Nodes::of::<flow::slow>(), LONG).build()?;
        open.send(()).unwrap();
        assert!(driver.execute::<flow::slow>(flow::Inputs { open: Mutex::new(wait) })?.into_values());
    }
    Ok(())
}

#[test]
fn a_run_ends_when_its_time_is_over() -> Result<(), Error> {
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let counter = Counter::default();
            let (open, wait) = gate();
            let ran = Arc::new(AtomicUsize::new(0));
            let (first, second, others) = (counter.clone(), counter.clone(), Arc::clone(&ran));
            let graph = Graph::builder()
                .function("first", (), move || first.make(1))
                .function("slow", ["first"], move |first: &Counted| {
                    wait();
                    second.make(first.value)
                })
                .function("last", ["slow"], move |slow: &Counted| {
                    others.fetch_add(1, Ordering::SeqCst);
                    slow.value
                })
                .build()?;
            let driver = graph.driver().executor(executor).on_error(policy);
            let driver = driver.deadline(Duration::from_millis(300)).build()?;
            let error = in_pool(|| driver.execute_named(["last"], ())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TimedOut);
            assert_eq!(
                error.to_string(),
                "the run was not over within 300ms; 1 of 3 nodes had run, `slow` was running"
            );
            assert!(matches!(error.report().unwrap().outcome("slow"), Some(Outcome::Running)));
            assert!(matches!(error.report().unwrap().outcome("last"), Some(Outcome::NotReached)));
            assert_eq!(counter.live(), 1);
            drop(open);
            until_gone(&counter);
            assert_eq!(ran.load(Ordering::SeqCst), 0, "nothing is begun afterwards");
        }
    }
    Ok(())
}

/// Whoever polls a run does what is cheap himself, and all of it where there is to be one thread.
#[test]
fn what_is_done_by_whoever_polls_a_run_counts_too() -> Result<(), Error> {
    let begun = Arc::new(AtomicUsize::new(0));
    let ran = Arc::clone(&begun);
    let graph = Graph::builder()
        .function("slow", (), || std::thread::sleep(ENOUGH))
        .function("next", ["slow"], move |(): &()| {
            ran.fetch_add(1, Ordering::SeqCst);
        })
        .build()?;
    let driver = graph.driver().executor(Executor::Sequential).deadline(ENOUGH).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (output, count) in [("next", 2), ("slow", 1)] {
        let error = runtime.block_on(driver.execute_named_async([output], ())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        let expected =
            format!("the run was not over within 500ms; 0 of {count} nodes had run, `slow` was running");
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(begun.load(Ordering::SeqCst), 0, "nothing is begun afterwards");
    Ok(())
}

/// Also where whoever would see that the time is over is held up by that very node.
#[test]
fn a_node_that_asks_is_told_that_the_time_of_the_run_is_over() -> Result<(), Error> {
    let (waited_in_vain, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (in_vain, asks) = (Arc::clone(&waited_in_vain), Arc::clone(&asked));
    let spin = move |run: NodeContext<'_>| {
        asks.fetch_add(1, Ordering::SeqCst);
        let begin = Instant::now();
        while !run.is_cancelled() {
            if begin.elapsed() > LONG {
                in_vain.fetch_add(1, Ordering::SeqCst);
                return;
            }
            std::thread::yield_now();
        }
    };
    let (beside_others, in_a_block) = (spin.clone(), spin.clone());
    let alone = Graph::builder().function("spin", (), spin).build()?;
    let beside = Graph::builder()
        .async_function("waits", (), std::future::pending::<i32>)
        .function("spin", (), beside_others)
        .function("both", ["waits", "spin"], |waits: &i32, (): &()| *waits)
        .build()?;
    let inside = Graph::builder()
        .expand("item", (), || Parallelizable::from(vec![1, 2]))
        .function("spin", ["item"], move |_: &i32, run: NodeContext<'_>| in_a_block(run))
        .function("all", ["spin"], |spin: Collect<'_, ()>| spin.len())
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
        for (graph, output) in [(&alone, "spin"), (&beside, "both"), (&inside, "all")] {
            let driver = graph.driver().executor(executor).deadline(SHORT).build()?;
            for polls in [true, false] {
                let run = if polls {
                    runtime.block_on(driver.execute_named_async([output], ()))
                } else {
                    driver.execute_named([output], ())
                };
                let error = run.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::TimedOut, "{executor:?} {output}: {error}");
                // Where there is much else to do it may not even have begun.
                let has_begun = asked.swap(0, Ordering::SeqCst) > 0;
                let outcome = error.report().and_then(|report| report.outcome("spin"));
                let is_running = matches!(outcome, Some(Outcome::Running));
                assert!(is_running || !has_begun, "{executor:?} {output}: {error}");
            }
        }
    }
    assert_eq!(waited_in_vain.load(Ordering::SeqCst), 0);
    Ok(())
}

#[test]
fn a_run_that_is_over_in_time_is_like_any_other() -> Result<(), Error> {
    let graph = Graph::builder()
        .input::<u32>("x")
        .function("a", ["x"], |x: &u32| x + 1)
        .try_function("b", ["a"], |a: &u32| if *a > 5 { Err("too much") } else { Ok(*a) })
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).deadline(LONG).build()?;
        let run = |x| in_pool(|| driver.execute_named(["b"], millstream::InputMap::new().set("x", x)));
        let run_ok = run(1_u32)?;
        assert_eq!(run_ok.get::<u32>("b")?, &2);
        assert_eq!(run_ok.report().to_string(), "a  done\nb  done\n");
        assert_eq!(format!("{:#}", run(9_u32).unwrap_err()), "node `b` failed: too much");
    }
    Ok(())
}
