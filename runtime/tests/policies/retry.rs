//! Nodes that are tried again: how often, after how long, and with what.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millstream::__private::Pace;
use millstream::prelude::*;
use millstream::{Error, ErrorKind, ErrorPolicy, NodeErrorKind, Nodes, Own, Retry};

use super::support::{BOTH, Counted, Counter, in_pool, quiet, short};

/// A function that fails as often.
fn flaky(failures: u32) -> impl Fn() -> Result<u32, String> + Send + Sync {
    let calls = AtomicU32::new(0);
    move || {
        let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
        // Each run begins anew.
        if call.is_multiple_of(failures + 1) { Ok(call) } else { Err(format!("call {call}")) }
    }
}

/// What was waited for, in place of waiting.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Vec<u64>>>);

impl Waits {
    fn pace(&self, seed: u64) -> Pace {
        let waits = Arc::clone(&self.0);
        Pace::of(move |time| waits.lock().unwrap().push(time.as_millis() as u64), seed)
    }

    fn take(&self) -> Vec<u64> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn a_node_is_tried_until_it_succeeds() -> Result<(), Error> {
    for executor in BOTH {
        let graph = Graph::builder()
            .try_function("fetch", (), flaky(2))
            .function("after", ["fetch"], |fetch: &u32| fetch * 10)
            .function("other", (), || 1)
            .build()?;
        let waits = Waits::default();
        let retry = Retry::times(3).backoff(Duration::from_millis(100));
        let driver = graph
            .driver()
            .executor(executor)
            .retry(Nodes::named(["fetch"]), retry)
            .pace(waits.pace(1))
            .build()?;
        for round in 1..=2 {
            let run = in_pool(|| driver.execute_named(["after", "other"], ()))?;
            assert_eq!(run.get::<u32>("after")?, &(30 * round));
            assert_eq!(waits.take(), [100, 200]);
            assert_eq!(short(&run.report()), "fetch done, after done, other done");
            assert_eq!(run.report().nodes()[0].attempts, 3);
            assert_eq!(run.report().nodes()[1].attempts, 1);
            assert_eq!(
                run.report().to_string(),
                "fetch  done     after 3 attempts\nafter  done\nother  done\n"
            );
        }
    }
    Ok(())
}

#[test]
fn a_node_that_never_succeeds_fails_with_its_last_error() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::KeepGoing] {
            let graph = Graph::builder().try_function("fetch", (), flaky(999)).build()?;
            let driver = graph
                .driver()
                .executor(executor)
                .on_error(policy)
                .retry(Nodes::all(), Retry::times(2))
                .build()?;
            let run = driver.execute_named(["fetch"], ());
            let error = run.and_then(|mut run| run.take::<u32>("fetch")).unwrap_err();
            assert_eq!(format!("{error:#}"), "node `fetch` failed after 3 attempts: call 3");
            assert_eq!(error.failure().unwrap().attempts(), 3);
        }
    }
    Ok(())
}

#[test]
fn panics_are_tried_again_too() -> Result<(), Error> {
    quiet();
    let calls = AtomicU32::new(0);
    let graph = Graph::builder()
        .function("fetch", (), move || match calls.fetch_add(1, Ordering::SeqCst) % 2 {
            0 => panic!("oh"),
            _ => 1,
        })
        .function("never", (), || -> i32 { panic!("oh") })
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).retry(Nodes::all(), Retry::times(1)).build()?;
        assert_eq!(driver.execute_named(["fetch"], ())?.get::<i32>("fetch")?, &1);
        let error = driver.execute_named(["never"], ()).unwrap_err();
        assert_eq!(error.to_string(), "node `never` panicked after 2 attempts: oh");
        assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::Panicked);
    }
    Ok(())
}

#[test]
fn waits_grow_to_a_limit_and_jitter_is_the_same_on_every_executor() -> Result<(), Error> {
    let mut all = Vec::new();
    for executor in BOTH {
        let graph = Graph::builder().try_function("fetch", (), flaky(999)).build()?;
        let waits = Waits::default();
        let retry = Retry::times(5).backoff(Duration::from_secs(1)).factor(3.0).max(Duration::from_secs(10));
        let steady =
            graph.driver().executor(executor).retry(Nodes::all(), retry).pace(waits.pace(7)).build()?;
        assert!(steady.execute_named(["fetch"], ()).is_err());
        assert_eq!(waits.take(), [1000, 3000, 9000, 10_000, 10_000]);

        let jittery = graph.driver().executor(executor).retry(Nodes::all(), retry.jitter(true));
        let jittery = jittery.pace(waits.pace(7)).build()?;
        assert!(jittery.execute_named(["fetch"], ()).is_err());
        let waited = waits.take();
        for (wait, most) in waited.iter().zip([1000, 3000, 9000, 10_000, 10_000]) {
            assert!(most / 2 <= *wait && *wait <= most, "{wait} of {most}");
        }
        assert_ne!(waited[3], waited[4]);
        all.push(waited);
    }
    assert_eq!(all[0], all[1]);
    Ok(())
}

#[test]
fn what_is_taken_by_value_is_there_again() -> Result<(), Error> {
    quiet();
    let counter = Counter::default();
    let (first, calls) = (counter.clone(), AtomicU32::new(0));
    let graph = Graph::builder()
        .function("rows", (), move || first.make(5))
        .value_type(millstream::value_type!(Counted))
        .function("takes", ["rows"], move |Own(rows): Own<Counted>| {
            assert!(calls.fetch_add(1, Ordering::SeqCst) % 3 == 2, "not yet");
            rows.value
        })
        .function("reads", ["rows"], |rows: &Counted| rows.value + 1)
        .build()?;
    for executor in BOTH {
        let driver =
            graph.driver().executor(executor).retry(Nodes::named(["takes"]), Retry::times(2)).build()?;
        let run = in_pool(|| driver.execute_named(["takes", "reads"], ()))?;
        assert_eq!((run.get::<u64>("takes")?, run.get::<u64>("reads")?), (&5, &6));
        assert_eq!(counter.live(), 0);
    }
    Ok(())
}

#[test]
fn what_cannot_be_cloned_cannot_be_taken_again() -> Result<(), Error> {
    struct Once;
    let graph = Graph::builder()
        .function("handle", (), || Once)
        .function("used", ["handle"], |_: Own<Once>| 1)
        .build()?;
    assert!(graph.driver().build()?.execute_named(["used"], ()).is_ok());
    let driver = graph.driver().retry(Nodes::all(), Retry::times(1)).build()?;
    let error = driver.execute_named(["used"], ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(
        error.to_string(),
        "the value of `handle` would have to be cloned, but `Once` is not `Clone`: `used` takes it by value, and it is called again where it fails, with the same; derive `Clone` for `Once` and make that known, with `value_type(value_type!(Once))` after its node, or take it by reference"
    );
    Ok(())
}

#[dataflow]
mod flow {
    use std::sync::atomic::{AtomicU32, Ordering};

    pub static CALLS: AtomicU32 = AtomicU32::new(0);

    #[node(retries = 2)]
    #[tag(calls = "network")]
    pub fn fetch() -> Result<u32, String> {
        match super::flow::CALLS.fetch_add(1, Ordering::SeqCst) % 3 {
            2 => Ok(1),
            call => Err(format!("call {call}")),
        }
    }

    #[node]
    pub fn twice(fetch: &u32) -> u32 {
        fetch * 2
    }
}

#[test]
fn a_node_says_itself_how_often_it_is_tried() -> Result<(), Error> {
    for executor in BOTH {
        flow::CALLS.store(0, Ordering::SeqCst);
        let driver = flow::driver().executor(executor).build()?;
        assert_eq!(driver.execute::<flow::twice>(())?.into_values(), 2);
        // What the driver is told counts before.
        for nodes in [
            Nodes::of::<flow::fetch>(),
            Nodes::of::<(flow::fetch, flow::twice)>(),
            Nodes::tagged("calls", "network"),
        ] {
            flow::CALLS.store(0, Ordering::SeqCst);
            let driver = flow::driver().executor(executor).retry(nodes, Retry::times(0)).build()?;
            let error = driver.execute::<flow::twice>(()).unwrap_err();
            assert_eq!(error.failure().unwrap().attempts(), 1);
        }
    }
    Ok(())
}

#[test]
fn settings_are_for_nodes_that_there_are() -> Result<(), Error> {
    let graph = Graph::builder()
        .input::<f64>("x")
        .function("pair", ["x"], |x: &f64| (*x, *x))
        .parts(["low", "high"], |pair: (f64, f64)| pair)
        .build()?;
    let names = Nodes::named(["x", "low", "pairr", "pair"]);
    let error = graph.driver().retry(names, Retry::times(1)).build().unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "retry: `x` is an input, and does not run; name a node",
            "retry: `low` is a part of `pair`, and does not run by itself; name `pair`",
            "retry: `pairr` is neither a node nor an input; did you mean `pair`?",
        ]
    );
    Ok(())
}
