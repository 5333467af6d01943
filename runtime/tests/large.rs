//! Graphs of ten thousand nodes, on a thread with a small stack.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "the numbers are exact, and the functions have the form of nodes"
)]

use std::time::{Duration, Instant};

use millstream::{Error, Executor, Feed, Graph, InputMap, Own};

const NODES: usize = 10_000;
const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Runs on 512 KiB of stack, and in a pool whose threads have no more.
fn on_a_small_stack(test: fn() -> Result<(), Error>) {
    const STACK: usize = 512 * 1024;
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        test()?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(STACK).build().unwrap();
        pool.install(test)
    });
    thread.unwrap().join().unwrap().unwrap();
}

fn chain(owned: bool) -> Result<Graph, Error> {
    let mut builder = Graph::builder().input::<u64>("n0");
    for index in 1..=NODES {
        let (name, feed) = (format!("n{index}"), format!("n{}", index - 1));
        builder = if owned {
            builder.function(name, [feed], |Own(n): Own<u64>| n + 1)
        } else {
            builder.function(name, [feed], |n: &u64| n + 1)
        };
    }
    builder.build()
}

fn wide() -> Result<Graph, Error> {
    let mut builder = Graph::builder().input::<u64>("source");
    let names: Vec<String> = (0..NODES).map(|index| format!("n{index}")).collect();
    for name in &names {
        builder = builder.function(name, ["source"], |n: &u64| n + 1);
    }
    builder.function("sum", [Feed::group(names)], |all: Vec<&u64>| all.into_iter().sum::<u64>()).build()
}

#[test]
fn a_long_chain() {
    on_a_small_stack(|| {
        for owned in [false, true] {
            let graph = chain(owned)?;
            let last = format!("n{NODES}");
            for executor in BOTH {
                let driver = graph.driver().executor(executor).build()?;
                let run = driver.execute_named([&last], InputMap::new().set("n0", 0_u64))?;
                assert_eq!(run.get::<u64>(&last)?, &(NODES as u64));
            }
            assert_eq!(graph.upstream(&last)?.len(), NODES);
            assert_eq!(graph.downstream("n0")?.len(), NODES);
            assert_eq!(graph.path("n0", &last)?.map(|way| way.len()), Some(NODES + 1));
            assert_eq!(graph.subgraph(|_| true)?.hash(), graph.hash());
            assert_eq!(graph.combine(&graph).unwrap_err().problems().len(), NODES);
        }
        Ok(())
    });
}

#[test]
fn a_long_chain_that_fails_at_its_beginning() {
    on_a_small_stack(|| {
        let first = Graph::builder().try_function("n0", (), || Err::<u64, _>("no")).build()?;
        let graph = chain(false)?.combine(&first)?;
        for executor in BOTH {
            let driver = graph.driver().executor(executor).build()?;
            let error = driver.execute_named([format!("n{NODES}")], ()).unwrap_err();
            assert_eq!(error.failure().unwrap().chain().len(), NODES + 1);
        }
        Ok(())
    });
}

#[test]
fn a_wide_graph() {
    on_a_small_stack(|| {
        let graph = wide()?;
        for executor in BOTH {
            let driver = graph.driver().executor(executor).build()?;
            let run = driver.execute_named(["sum"], InputMap::new().set("source", 1_u64))?;
            assert_eq!(run.get::<u64>("sum")?, &(2 * NODES as u64));
        }
        Ok(())
    });
}

#[test]
fn a_cycle_of_ten_thousand_is_refused() {
    on_a_small_stack(|| {
        let last = Graph::builder().function("n0", [format!("n{NODES}")], |n: &u64| *n).build();
        assert!(last.is_err());
        let mut builder = Graph::builder();
        for index in 0..NODES {
            let feed = format!("n{}", (index + 1) % NODES);
            builder = builder.function(format!("n{index}"), [feed], |n: &u64| *n);
        }
        assert!(
            builder
                .build()
                .unwrap_err()
                .to_string()
                .starts_with("these nodes need each other: `n0` -> `n1` -> ")
        );
        Ok(())
    });
}

/// A generous limit, for the machine may be busy: it is there to find what is quadratic.
#[test]
fn building_is_quick() -> Result<(), Error> {
    let begin = Instant::now();
    chain(true)?.driver().build()?;
    wide()?.driver().build()?;
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    Ok(())
}
