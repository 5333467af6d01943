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

use std::collections::HashMap;
use std::time::{Duration, Instant};

use millstream::{Error, Executor, Feed, Graph, InputMap, NodeError, Own};

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
fn a_chain_of_nodes_that_stand_in_and_fail() {
    on_a_small_stack(|| {
        let last = Graph::builder().try_function("n0", (), || Err::<u64, _>("no"));
        let graph = (1..=NODES).fold(last, |builder, index| {
            let builder = builder.try_function(format!("n{index}"), (), || Err::<u64, _>("no"));
            builder.fallback(format!("n{}", index - 1))
        });
        let driver = graph.build()?.driver().build()?;
        let error = driver.execute_named([format!("n{NODES}")], ()).unwrap_err();
        let all = std::iter::successors(error.failure(), |error| error.fallback());
        assert_eq!(all.count(), NODES + 1);
        assert_eq!(format!("{error:#}").matches("so did").count(), 1);
        Ok(())
    });
}

#[test]
fn a_chain_of_nodes_that_hand_on_an_error() {
    on_a_small_stack(|| {
        let first = Graph::builder().try_function("n0", (), || Err::<u64, _>("no"));
        let graph = (1..=NODES).fold(first, |builder, index| {
            let hand_on = |n: Result<&u64, &NodeError>| n.copied().map_err(Clone::clone);
            builder.try_function(format!("n{index}"), [format!("n{}", index - 1)], hand_on)
        });
        let driver = graph.build()?.driver().build()?;
        let error = driver.execute_named([format!("n{NODES}")], ()).unwrap_err();
        assert_eq!(format!("{error:?}").lines().count(), NODES + 2);
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

#[test]
fn each_of_forty_thousand_outputs_is_handed_out() -> Result<(), Error> {
    const OUTPUTS: usize = 4 * NODES;
    let mut builder = Graph::builder();
    for index in 0..OUTPUTS {
        builder = builder.function(format!("n{index}"), (), move || index);
    }
    let names: Vec<String> = (0..OUTPUTS).rev().map(|index| format!("n{index}")).collect();
    let graph = builder.build()?;
    for executor in BOTH {
        let run = graph.driver().executor(executor).build()?.execute_named(&names, ())?;
        assert_eq!(run.values().names(), names);
        let map = run.into_values().into_map();
        for (index, name) in (0..OUTPUTS).rev().zip(&names) {
            assert_eq!(map[name].downcast_ref::<usize>(), Some(&index));
        }
    }
    Ok(())
}

/// Cannot be cloned: who takes it by value is last to have it.
struct Whole(u64);

/// Each value is taken by one whose place is before that of another who looks at it. `chained`, each taker's place is
/// also before that of what needs it and the taker before it.
fn takers_before_lookers(count: u64, chained: bool) -> Result<(Graph, Vec<String>), Error> {
    let mut builder = Graph::builder().function("chain", (), || 0_u64);
    let mut outputs = Vec::new();
    let mut last = "chain".to_owned();
    for index in 0..count {
        builder = builder.function(format!("value{index}"), (), move || Whole(index));
    }
    for index in 0..count {
        let (taker, value) = (format!("taker{index}"), format!("value{index}"));
        builder = builder.function(&taker, [value], |Own(value): Own<Whole>| value.0);
        if chained {
            let next = format!("chain{index}");
            builder = builder.function(&next, [&last, &taker], |last: &u64, taken: &u64| last + taken);
            last = next;
        }
        outputs.push(taker);
    }
    for index in 0..count {
        let (looker, value) = (format!("looker{index}"), format!("value{index}"));
        builder = builder.function(&looker, [value], |value: &Whole| value.0);
        outputs.push(looker);
    }
    outputs.push(last);
    Ok((builder.build()?, outputs))
}

#[test]
fn thousands_take_what_others_look_at_first() -> Result<(), Error> {
    for (count, chained) in [(8_000, false), (500, true)] {
        let (graph, outputs) = takers_before_lookers(count, chained)?;
        for executor in BOTH {
            let run = graph.driver().executor(executor).build()?.execute_named(&outputs, ())?;
            let places: HashMap<String, usize> =
                run.schedule().tasks().iter().map(|task| task.node.to_string()).zip(0..).collect();
            for index in 0..count {
                assert!(places[&format!("looker{index}")] < places[&format!("taker{index}")]);
                assert!(places[&format!("value{index}")] < places[&format!("looker{index}")]);
            }
            let map = run.into_values().into_map();
            for index in 0..count {
                for node in ["looker", "taker"] {
                    assert_eq!(map[&format!("{node}{index}")].downcast_ref::<u64>(), Some(&index));
                }
            }
            let sum = if chained { count * (count - 1) / 2 } else { 0 };
            assert_eq!(map[outputs.last().unwrap()].downcast_ref::<u64>(), Some(&sum));
        }
    }
    Ok(())
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
