//! Which threads may wait for async nodes, with the feature `tokio`: what a node may do does not hang on how cheap it is.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::unwrap_used, reason = "nodes as users write them")]

use std::sync::Arc;
use std::time::Duration;

use millstream::prelude::*;
use millstream::{Error, Graph, Named, Run};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{block_in_place, spawn_blocking, yield_now};

const EXECUTORS: [Executor; 3] = [Executor::Sequential, Executor::Rayon, Executor::Auto];

/// A driver that waits for its answer.
fn waiting() -> Driver {
    let graph = Graph::builder().async_function("answer", (), || async {
        tokio::time::sleep(Duration::from_micros(10)).await;
        7_u64
    });
    graph.build().unwrap().driver().build().unwrap()
}

fn answer_of(driver: &Driver) -> Result<u64, Error> {
    driver.execute_named(["answer"], ())?.take("answer")
}

/// A driver that waits, with a node that does something where its cache has nothing, and is cheap where it has.
fn cached(executor: Executor, go: impl Fn() -> Result<u64, Error> + Send + Sync + 'static) -> Driver {
    let graph = Graph::builder()
        .input::<bool>("has_it")
        .async_function("first", (), || async {
            yield_now().await;
            1_u64
        })
        .try_function("cached", ["has_it"], move |has_it: &bool| if *has_it { Ok(2) } else { go() })
        .function("sum", ["first", "cached"], |first: &u64, cached: &u64| first + cached);
    graph.build().unwrap().driver().executor(executor).build().unwrap()
}

/// What it comes to at first, and when the node has been cheap for long.
fn at_first_and_later(ask: impl Fn(bool) -> Result<Run<Named>, Error>) -> [Result<u64, String>; 2] {
    [0, 100].map(|times| {
        for _ in 0..times {
            assert_eq!(ask(true).unwrap().get::<u64>("sum").unwrap(), &3);
        }
        let run = ask(false).map_err(|error| format!("{error:#}"))?;
        run.into_values().take("sum").map_err(|error| error.to_string())
    })
}

fn has_it(has_it: bool) -> InputMap {
    InputMap::new().set("has_it", has_it)
}

/// In every place where somebody may wait.
fn assert_waits(go: impl Fn() -> Result<u64, Error> + Clone + Send + Sync + 'static) {
    for executor in EXECUTORS {
        let driver = cached(executor, go.clone());
        let ask = || at_first_and_later(|it| driver.execute_named(["sum"], has_it(it)));
        assert_eq!(ask(), [Ok(8), Ok(8)]);
        assert_eq!(rayon::ThreadPoolBuilder::new().build().unwrap().install(ask), [Ok(8), Ok(8)]);
    }
}

#[test]
fn a_node_may_ask_a_driver_that_waits() {
    let inner = Arc::new(waiting());
    assert_waits(move || answer_of(&inner));
}

#[test]
fn a_node_may_have_a_runtime_of_its_own() {
    assert_waits(|| Ok(Runtime::new().unwrap().block_on(async { 7 })));
}

#[test]
fn a_node_that_does_not_wait_is_in_no_runtime() {
    assert_waits(|| Ok(if Handle::try_current().is_err() { 7 } else { 0 }));
}

/// One that has a single thread, and one that has several.
fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut runtime| runtime.enable_all().build().unwrap())
}

#[test]
fn in_a_run_that_a_runtime_polls_it_may_not() {
    for (runtime, executor) in runtimes().iter().flat_map(|runtime| EXECUTORS.map(|each| (runtime, each))) {
        let inner = waiting();
        let driver = cached(executor, move || answer_of(&inner));
        let ask = |it| runtime.block_on(driver.execute_named_async(["sum"], has_it(it)));
        let refused = "node `cached` failed; it was needed on the way `cached` -> `sum`: `execute` was called inside an async runtime, \
                       which would be blocked while `answer` waits; use `execute_async`";
        assert_eq!(at_first_and_later(ask), [Err(refused.to_owned()), Err(refused.to_owned())]);
    }
}

/// Also where it asks another driver first, which has threads at work of its own.
#[test]
fn nor_may_what_runs_within_it() {
    for executor in EXECUTORS {
        let names = ["a", "b", "c", "d", "e", "f"];
        let between = names.into_iter().fold(Graph::builder(), |graph, name| {
            let inner = waiting();
            graph.function(name, (), move || u64::from(answer_of(&inner).is_err()))
        });
        let between = between.build().unwrap().driver().executor(executor).build().unwrap();
        let driver = cached(Executor::Auto, move || {
            let run = between.execute_named(names, ())?;
            names.iter().map(|name| run.get::<u64>(name).copied()).sum()
        });
        let runtime = Runtime::new().unwrap();
        let ask = |it| runtime.block_on(driver.execute_named_async(["sum"], has_it(it)));
        assert_eq!(at_first_and_later(ask), [Ok(7), Ok(7)]);
    }
}

#[test]
fn threads_for_what_blocks_may_wait() {
    for runtime in runtimes() {
        let wait = runtime.block_on(async { spawn_blocking(|| answer_of(&waiting())).await });
        assert_eq!(wait.unwrap().unwrap(), 7);
        // Nobody polls anything here.
        let _entered = runtime.enter();
        assert_eq!(answer_of(&waiting()).unwrap(), 7);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_leaves_its_tasks_to_others_may_wait() {
    let wait = tokio::spawn(async {
        assert!(answer_of(&waiting()).is_err());
        let waited = block_in_place(|| answer_of(&waiting()));
        assert!(answer_of(&waiting()).is_err());
        waited
    });
    assert_eq!(wait.await.unwrap().unwrap(), 7);
}
