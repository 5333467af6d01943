//! What runs leave behind, and how much memory they have at once: counted by the allocator.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the functions have the form of nodes")]

use std::sync::{Mutex, PoisonError};

use millstream::prelude::*;
use millstream::{ErrorKind, Named, Own, Run};
use peak_alloc::PeakAlloc;
use rayon::ThreadPool;
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One test at a time has the memory for itself.
static ALONE: Mutex<()> = Mutex::new(());

/// A way to run a graph.
#[derive(Clone, Copy, Debug)]
enum Leg {
    Pool(Executor),
    Future(Executor),
}

const LEGS: [Leg; 5] = [
    Leg::Pool(Executor::Sequential),
    Leg::Pool(Executor::Rayon),
    Leg::Pool(Executor::Auto),
    Leg::Future(Executor::Sequential),
    Leg::Future(Executor::Rayon),
];

/// Where graphs run.
struct Machine {
    pool: ThreadPool,
    runtime: Runtime,
}

impl Machine {
    fn new() -> Self {
        Self {
            pool: rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap(),
            runtime: Builder::new_current_thread().build().unwrap(),
        }
    }

    fn run(
        &self,
        leg: Leg,
        driver: &Driver,
        output: &str,
        inputs: InputMap,
    ) -> Result<Run<Named>, millstream::Error> {
        match leg {
            Leg::Pool(_) => self.pool.install(|| driver.execute_named([output], inputs)),
            Leg::Future(_) => self.runtime.block_on(driver.execute_named_async([output], inputs)),
        }
    }
}

fn driver(graph: &Graph, leg: Leg) -> Driver {
    let (Leg::Pool(executor) | Leg::Future(executor)) = leg;
    graph.driver().executor(executor).build().unwrap()
}

/// A block, a clone, something that fails now and then, and what stands in for it.
fn small() -> Graph {
    Graph::builder()
        .input::<usize>("round")
        .function("label", ["round"], |round: &usize| format!("round {round}"))
        .expand("item", ["round"], |round: &usize| Parallelizable::new(0..round % 5))
        .function("text", ["item", "label"], |item: &usize, Own(label): Own<String>| {
            format!("{label}: {item}")
        })
        .function("texts", ["text"], |text: Collect<'_, String>| text.join(", "))
        .try_function("live", ["round"], |round: &usize| match round % 7 {
            0 => Err(format!("round {round} is closed")),
            _ => Ok(round.to_string()),
        })
        .fallback_value("none".to_owned())
        .try_function("all", ["texts", "live"], |texts: &String, Own(live): Own<String>| match texts.len() {
            0 => Err("no items"),
            _ => Ok(live + texts),
        })
        .build()
        .unwrap()
}

/// A million in release; in debug, where each takes far longer, as many as take a few seconds.
const ROUNDS: usize = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };
/// Pools and plans keep what they have got until then.
const WARM: usize = 2_000;
/// A byte that each run left behind would be more.
const SLACK: usize = 16 * 1024;

#[test]
fn many_small_runs_leave_nothing_behind() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (machine, graph) = (Machine::new(), small());
    let drivers = LEGS.map(|leg| (leg, driver(&graph, leg)));
    let mut before = 0;
    for round in 0..WARM + ROUNDS {
        if round == WARM {
            before = MEMORY.current_usage();
        }
        let (leg, driver) = &drivers[round % LEGS.len()];
        match machine.run(*leg, driver, "all", InputMap::new().set("round", round / 2)) {
            Ok(run) => assert!(run.get::<String>("all").unwrap().contains("round")),
            Err(error) => assert_eq!((error.kind(), round / 2 % 5), (ErrorKind::Node, 0)),
        }
    }
    let after = MEMORY.current_usage();
    assert!(after < before + SLACK, "{before} bytes at first, {after} after {ROUNDS} runs");
}

/// A future that panics stays where it is, for nobody has been told that it is over.
#[test]
fn futures_that_panic_leave_nothing_behind() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    std::panic::set_hook(Box::new(|_| ()));
    let runtime = Builder::new_current_thread().build().unwrap();
    for polls in 0..3_usize {
        let waits = move || async move {
            for _ in 0..polls {
                tokio::task::yield_now().await;
            }
            assert!(polls > 3, "it is where it was to panic");
        };
        let graph = Graph::builder().async_function("waits", (), waits).build().unwrap();
        let driver = driver(&graph, Leg::Future(Executor::Sequential));
        let mut before = 0;
        for round in 0..2 * WARM {
            if round == WARM {
                before = MEMORY.current_usage();
            }
            runtime.block_on(driver.execute_named_async(["waits"], ())).unwrap_err();
        }
        let after = MEMORY.current_usage();
        assert!(after < before + SLACK, "{before} bytes at first, {after} after {WARM} runs, {polls} polls");
    }
}

const LARGE: usize = 1 << 20;
const LONG: usize = 30;

/// The most large values that a run has at once.
fn most_at_once(graph: &Graph, leg: Leg) -> usize {
    let (machine, driver) = (Machine::new(), driver(graph, leg));
    let last = format!("n{}", LONG - 1);
    let mut most = 0;
    // The first time it is planned.
    for _ in 0..2 {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        drop(machine.run(leg, &driver, &last, InputMap::new().set("first", vec![1_u8; LARGE])).unwrap());
        // Threads of the pool that come late free a little of the run before.
        most = (MEMORY.peak_usage() - before + LARGE / 2) / LARGE;
    }
    most
}

fn chain(add: impl Fn(millstream::GraphBuilder, String, String) -> millstream::GraphBuilder) -> Graph {
    let builder = Graph::builder().input::<Vec<u8>>("first");
    let name = |index: usize| if index == 0 { "first".to_owned() } else { format!("n{}", index - 1) };
    (0..LONG).fold(builder, |builder, index| add(builder, name(index + 1), name(index))).build().unwrap()
}

#[test]
fn a_long_chain_has_two_large_values_at_once_and_one_where_it_changes_them_in_place() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let anew = chain(|builder, name, of| builder.function(name, [of], |of: &Vec<u8>| of.clone()));
    let in_place = chain(|builder, name, of| {
        builder.function(name, [of], |Own(mut of): Own<Vec<u8>>| {
            of[0] += 1;
            of
        })
    });
    let waiting = chain(|builder, name, of| {
        builder.async_function(name, [of], |Own(of): Own<Vec<u8>>| async move {
            tokio::task::yield_now().await;
            of.clone()
        })
    });
    for leg in LEGS {
        assert_eq!(most_at_once(&anew, leg), 2, "{leg:?}");
        assert_eq!(most_at_once(&in_place, leg), 1, "{leg:?}");
        assert_eq!(most_at_once(&waiting, leg), 2, "{leg:?}");
    }
}
