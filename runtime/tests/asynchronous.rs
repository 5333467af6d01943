//! Graphs with nodes that wait.
#![allow(
    unreachable_pub,
    clippy::too_many_arguments,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them"
)]

use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use millstream::__private::Pace;
use millstream::prelude::*;
use millstream::{CancellationToken, ErrorKind, ErrorPolicy, NodeErrorKind, Nodes, Outcome, Own, Retry};
use tokio::sync::{Barrier, Notify};

/// All the ways a function that waits takes its values.
#[dataflow]
mod forms {
    use std::collections::BTreeMap;
    use std::fmt::Display;

    #[inputs]
    pub struct Inputs {
        pub rows: Vec<f64>,
        pub text: String,
        #[default(3)]
        pub window: usize,
    }

    async fn pause() {
        tokio::task::yield_now().await;
    }

    #[node]
    pub async fn sum(rows: &[f64]) -> f64 {
        pause().await;
        rows.iter().sum()
    }

    #[node]
    pub async fn sorted(rows: Vec<f64>) -> Vec<f64> {
        let mut rows = rows;
        pause().await;
        rows.sort_by(f64::total_cmp);
        rows
    }

    #[node]
    pub async fn alone() -> u8 {
        7
    }

    #[node]
    pub fn half(sum: &f64) -> f64 {
        sum / 2.0
    }

    #[node]
    pub async fn optional(#[source(nowhere)] missing: Option<&u8>, window: &usize) -> usize {
        pause().await;
        missing.map_or(*window, |missing| usize::from(*missing))
    }

    #[node]
    pub async fn defaulted(
        #[default(5)]
        #[source(nowhere)]
        step: u32,
        #[value("x")] by: &str,
    ) -> String {
        pause().await;
        format!("{step}{by}")
    }

    #[node]
    pub async fn list(#[group(sum, half)] all: Vec<&f64>) -> usize {
        pause().await;
        all.len()
    }

    #[node]
    pub async fn map(#[group(sum, half)] all: BTreeMap<&str, &f64>) -> String {
        pause().await;
        all.keys().copied().collect::<Vec<_>>().join(",")
    }

    #[node]
    pub async fn shown(text: &(dyn Display + Sync)) -> String {
        let text = text.to_string();
        pause().await;
        text
    }

    #[node]
    pub async fn parsed(text: &str) -> Result<f64, std::num::ParseFloatError> {
        pause().await;
        text.parse()
    }

    #[node]
    #[extract_fields(low: f64, high: f64)]
    pub async fn range(sorted: &[f64]) -> Range {
        pause().await;
        Range { low: sorted[0], high: sorted[sorted.len() - 1] }
    }

    #[derive(Clone)]
    pub struct Range {
        pub low: f64,
        pub high: f64,
    }

    #[node]
    pub fn width(low: &f64, high: &f64) -> f64 {
        high - low
    }

    #[node]
    pub async fn many(
        sum: &f64,
        half: &f64,
        alone: &u8,
        width: &f64,
        list: &usize,
        map: &str,
        shown: &str,
        parsed: &f64,
        optional: usize,
        defaulted: &str,
    ) -> String {
        pause().await;
        format!("{sum} {half} {alone} {width} {list} {map} {shown} {parsed} {optional} {defaulted}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_a_parameter_can_be_held_while_a_node_waits() {
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = forms::driver().executor(executor).build().unwrap();
        for _ in 0..3 {
            let inputs = forms::inputs().rows(vec![3.0, 1.0, 2.0]).text("1.5".to_owned());
            let run = driver.execute_async::<forms::many>(inputs).await.unwrap();
            assert_eq!(run.into_values(), "6 3 7 2 2 half,sum 1.5 1.5 3 5x");
        }
    }
}

const EXECUTORS: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Says how often it was dropped.
#[derive(Clone)]
struct Counted(Arc<AtomicUsize>, u64);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>, number: u64) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(alive), number)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Ready at the second poll.
async fn pause() {
    let mut polled = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[tokio::test]
async fn a_graph_without_async_nodes_runs_as_well() {
    let graph = Graph::builder()
        .input::<u64>("x")
        .function("a", ["x"], |x: &u64| x + 1)
        .function("b", ["x"], |x: &u64| x + 2)
        .function("c", ["a", "b"], |a: &u64, b: &u64| a * b)
        .build()
        .unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).timings(true).build().unwrap();
        let run = driver.execute_named_async(["c"], InputMap::new().set("x", 1_u64)).await.unwrap();
        assert_eq!(run.get::<u64>("c").unwrap(), &6);
        assert!(run.schedule().tasks().iter().all(|task| task.timing.is_some()));
        assert!(run.schedule().total().is_some());
    }
}

#[tokio::test]
async fn requests_are_checked_when_they_are_awaited() {
    let graph =
        Graph::builder().input::<u64>("x").async_function("a", ["x"], |x: &u64| ready(*x)).build().unwrap();
    let driver = graph.driver().build().unwrap();
    let error = driver.execute_named_async(["a"], ()).await.unwrap_err();
    assert_eq!(error.to_string(), "input `x` is missing, which `a` needs; supply a `u64`");
    let run = driver.override_named("a", 5_u64).execute_named_async(["a"], ()).await.unwrap();
    assert_eq!(run.get::<u64>("a").unwrap(), &5);
}

#[tokio::test]
async fn errors_and_panics_of_nodes_that_wait_are_told_like_all_others() {
    let graph = Graph::builder()
        .try_async_function("fails", (), || async {
            pause().await;
            Err::<u64, _>("no such host")
        })
        .function("after", ["fails"], |fails: &u64| fails + 1)
        .async_function("panics", (), || async {
            pause().await;
            assert!(std::hint::black_box(false), "oh dear");
            1_u64
        })
        .build()
        .unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).build().unwrap();
        let error = driver.execute_named_async(["after"], ()).await.unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "node `fails` failed; it was needed on the way `fails` -> `after`: no such host"
        );
        let error = driver.execute_named_async(["panics"], ()).await.unwrap_err();
        assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::Panicked);
        assert!(format!("{error:#}").contains("oh dear"), "{error:#}");
    }
}

#[tokio::test]
async fn of_several_that_fail_the_first_in_the_order_is_told_of() {
    let graph = Graph::builder()
        .try_async_function("slow", (), || async {
            for _ in 0..50 {
                pause().await;
            }
            Err::<u64, _>("slow")
        })
        .try_async_function("quick", (), || async { Err::<u64, _>("quick") })
        .async_function("never", (), || async {
            pending::<()>().await;
            1_u64
        })
        .build()
        .unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).build().unwrap();
        // The one before it is let finish, for it may fail too; the one behind is given up.
        let error = driver.execute_named_async(["slow", "quick", "never"], ()).await.unwrap_err();
        assert_eq!(error.failure().unwrap().node(), "slow");
    }
}

#[tokio::test]
async fn a_run_that_keeps_going_reports_the_same_as_any_other() {
    let graph = Graph::builder()
        .try_async_function("bad", (), || async { Err::<u64, _>("no") })
        .async_function("good", (), || async { 2_u64 })
        .function("worse", ["bad"], |bad: &u64| bad + 1)
        .async_function("fine", ["good"], |good: &u64| ready(*good))
        .build()
        .unwrap();
    let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build().unwrap();
    let run = driver.execute_named_async(["worse", "fine"], ()).await.unwrap();
    assert_eq!(run.get::<u64>("fine").unwrap(), &2);
    assert_eq!(run.get::<u64>("worse").unwrap_err().failure().unwrap().node(), "bad");
    let report = run.report();
    assert!(matches!(report.outcome("bad"), Some(Outcome::Failed(_))));
    assert!(matches!(report.outcome("worse"), Some(Outcome::Skipped { .. })));
    assert!(matches!(report.outcome("fine"), Some(Outcome::Done)));
}

#[tokio::test]
async fn nodes_that_wait_are_tried_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    let graph = Graph::builder()
        .try_async_function("fetch", (), move || {
            let calls = Arc::clone(&seen);
            async move {
                pause().await;
                if calls.fetch_add(1, Ordering::SeqCst) < 2 { Err("busy") } else { Ok(1_u64) }
            }
        })
        .build()
        .unwrap();
    let pace = Pace::of(|_| {}, 1);
    let retry = Retry::times(3).backoff(std::time::Duration::from_mins(1));
    let driver = graph.driver().retry(Nodes::all(), retry).pace(pace).build().unwrap();
    let run = driver.execute_named_async(["fetch"], ()).await.unwrap();
    assert_eq!(run.report().nodes()[0].attempts, 3);
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_thousand_nodes_wait_at_the_same_time() {
    const COUNT: usize = 1_000;
    let barrier = Arc::new(Barrier::new(COUNT));
    let mut graph = Graph::builder();
    let names: Vec<String> = (0..COUNT).map(|number| format!("wait_{number}")).collect();
    for name in &names {
        let barrier = Arc::clone(&barrier);
        graph = graph.async_function(name, (), move || {
            let barrier = Arc::clone(&barrier);
            async move { usize::from(barrier.wait().await.is_leader()) }
        });
    }
    let sum = |all: Vec<&usize>| all.into_iter().sum::<usize>();
    let graph = graph.function("leaders", [millstream::Feed::group(names)], sum).build().unwrap();
    for executor in EXECUTORS {
        let driver = graph.driver().executor(executor).build().unwrap();
        let run = driver.execute_named_async(["leaders"], ()).await.unwrap();
        assert_eq!(run.get::<usize>("leaders").unwrap(), &1);
    }
}

/// The one thread of the runtime has to do something else for a node that computes to come to its end.
#[tokio::test(flavor = "current_thread")]
async fn a_node_that_computes_does_not_hold_up_the_runtime() {
    let graph = Graph::builder()
        .input::<Arc<(std::sync::Mutex<bool>, std::sync::Condvar)>>("gate")
        .function("blocked", ["gate"], |gate: &Arc<(std::sync::Mutex<bool>, std::sync::Condvar)>| {
            let (open, changed) = &**gate;
            drop(changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
            1_u64
        })
        .async_function("waits", (), || async {
            pause().await;
            2_u64
        })
        .function("sum", ["blocked", "waits"], |a: &u64, b: &u64| a + b)
        .build()
        .unwrap();
    for _ in 0..3 {
        let driver = graph.driver().build().unwrap();
        let gate = Arc::new((std::sync::Mutex::new(false), std::sync::Condvar::new()));
        let run =
            tokio::spawn(driver.execute_named_async(["sum"], InputMap::new().set("gate", Arc::clone(&gate))));
        tokio::task::yield_now().await;
        let opener = tokio::spawn(async move {
            *gate.0.lock().unwrap() = true;
            gate.1.notify_all();
        });
        opener.await.unwrap();
        assert_eq!(run.await.unwrap().unwrap().get::<u64>("sum").unwrap(), &3);
    }
}

#[tokio::test]
async fn a_token_calls_off_what_waits() {
    let started = Arc::new(Notify::new());
    let seen = Arc::clone(&started);
    let graph = Graph::builder()
        .async_function("for_ever", (), move || {
            let started = Arc::clone(&seen);
            async move {
                started.notify_one();
                pending::<()>().await;
                1_u64
            }
        })
        .function("after", ["for_ever"], |before: &u64| before + 1)
        .build()
        .unwrap();
    let driver = graph.driver().build().unwrap();
    let token = CancellationToken::new();
    let run = tokio::spawn(driver.cancel_with(&token).execute_named_async(["after"], ()));
    started.notified().await;
    token.cancel();
    let error = run.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(error.to_string(), "the run was cancelled; 0 of 2 nodes had run");
}

/// Polls a future so many times, and drops it then if it is not ready.
fn poll_times<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

#[test]
fn a_run_that_is_dropped_leaves_nothing_behind() {
    let alive = Arc::new(AtomicUsize::new(0));
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = |number| {
        let (alive, calls) = (Arc::clone(&alive), Arc::clone(&calls));
        move || {
            calls.fetch_add(1, Ordering::SeqCst);
            Counted::new(&alive, number)
        }
    };
    let [first, second, third, fourth] = [1, 2, 3, 4].map(counted);
    let graph = Graph::builder()
        .function("first", (), first)
        .async_function("second", ["first"], move |_: &Counted| {
            let value = second();
            async move {
                pause().await;
                pause().await;
                value
            }
        })
        .async_function("third", ["first"], move |Own(taken): Own<Counted>| {
            let value = third();
            async move {
                pause().await;
                drop(taken);
                value
            }
        })
        .function("fourth", ["second", "third"], move |_: &Counted, _: &Counted| fourth())
        .build()
        .unwrap();
    let driver = graph.driver().executor(Executor::Sequential).build().unwrap();
    let mut ended = 0;
    for times in 0..8 {
        let run = poll_times(driver.execute_named_async(["fourth"], ()), times);
        let (alive_now, called) = (alive.load(Ordering::SeqCst), calls.swap(0, Ordering::SeqCst));
        match run {
            None => assert_eq!(alive_now, 0, "after {times} polls"),
            Some(run) => {
                ended += 1;
                assert_eq!((alive_now, called), (1, 4));
                assert_eq!(run.unwrap().get::<Counted>("fourth").unwrap().1, 4);
            }
        }
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    }
    assert!(ended > 0);
}

/// Without the feature `tokio` there is no runtime where the caller has none.
#[test]
fn a_node_that_needs_tokio_finds_it_or_is_told_what_to_do() {
    let sleep = || tokio::time::sleep(std::time::Duration::from_millis(1));
    let graph = Graph::builder().async_function("naps", (), sleep).build().unwrap();
    let run = graph.driver().build().unwrap().execute_named(["naps"], ());
    if cfg!(feature = "tokio") {
        run.unwrap();
    } else {
        let error = run.unwrap_err().to_string();
        assert!(error.contains("enable the feature `tokio` of millstream"), "{error}");
    }
}

/// What has been cheap a dozen times is done on the way to what waits, also where it fails then.
#[test]
fn what_is_known_to_be_cheap_fails_and_waits_as_it_did_at_first() {
    let graph = Graph::builder()
        .input::<usize>("round")
        .function("first", ["round"], |round: &usize| format!("round {round}"))
        .async_function("ready", ["first"], |Own(first): Own<String>| async move { first + ", ready" })
        .try_function("second", ["ready", "round"], |ready: &String, round: &usize| match round % 5 {
            0 => Err(format!("{ready}, is closed")),
            _ => Ok(ready.len() + round),
        })
        .async_function("later", ["second"], |second: &usize| {
            let second = *second;
            async move {
                tokio::task::yield_now().await;
                second
            }
        })
        .function("last", ["later", "ready"], |later: &usize, ready: &String| format!("{ready} {later}"))
        .build()
        .unwrap();
    let driver = graph.driver().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for round in 0..100 {
        let run = runtime.block_on(driver.execute_named_async(["last"], InputMap::new().set("round", round)));
        let ready = format!("round {round}, ready");
        match round % 5 {
            0 => {
                let error = run.unwrap_err();
                let failure = error.failure().unwrap();
                assert_eq!((failure.node(), failure.message()), ("second", format!("{ready}, is closed")));
            }
            _ => {
                let expected = format!("{ready} {}", ready.len() + round);
                assert_eq!(run.unwrap().get::<String>("last").unwrap(), &expected);
            }
        }
    }
}
