//! Values: moved at their last use, cloned when they must be, dropped as soon as nothing needs them.

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

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millstream::{Error, Executor, Graph, GraphBuilder, InputMap, Own, value_type};

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// A value that counts its clones and its drops.
#[derive(Debug)]
struct Counted {
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    clones: AtomicUsize,
    alive: AtomicUsize,
    most_alive: AtomicUsize,
}

impl Counts {
    fn value(self: &Arc<Self>) -> Counted {
        let alive = self.alive.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_alive.fetch_max(alive, Ordering::SeqCst);
        Counted { counts: Arc::clone(self) }
    }

    fn clones(&self) -> usize {
        self.clones.load(Ordering::SeqCst)
    }

    fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.counts.clones.fetch_add(1, Ordering::SeqCst);
        self.counts.value()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.counts.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A value that cannot be cloned.
#[derive(Debug, PartialEq)]
struct Unique(u32);

fn with_source(counts: &Arc<Counts>) -> GraphBuilder {
    let counts = Arc::clone(counts);
    Graph::builder().function("source", (), move || counts.value()).value_type(value_type!(Counted))
}

fn run(
    graph: &Graph,
    executor: Executor,
    outputs: &[&str],
) -> Result<millstream::Run<millstream::Named>, Error> {
    graph.driver().executor(executor).build()?.execute_named(outputs, ())
}

#[test]
fn the_last_use_by_value_is_a_move() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = with_source(&counts)
            .function("kept", ["source"], |Own(source): Own<Counted>| source)
            .value_type(value_type!(Counted))
            .function("again", ["kept"], |Own(kept): Own<Counted>| kept)
            .build()?;
        let run = run(&graph, executor, &["again"])?;
        assert_eq!((counts.clones(), counts.alive()), (0, 1));
        drop(run);
        assert_eq!(counts.alive(), 0);
    }
    Ok(())
}

#[test]
fn a_taker_waits_for_those_who_look_even_if_it_is_declared_first() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = with_source(&counts)
            .function("taker", ["source"], |Own(_): Own<Counted>| 1)
            .function("after_taker", ["taker"], |taker: &i32| *taker)
            .function("looker", ["source"], |source: &Counted| source.counts.alive())
            .function("sum", ["after_taker", "looker"], |taken: &i32, alive: &usize| (*taken, *alive))
            .build()?;
        let run = run(&graph, executor, &["sum"])?;
        assert_eq!(run.get::<(i32, usize)>("sum")?, &(1, 1));
        assert_eq!(run.schedule().to_string(), "1 source\n2 looker\n3 taker\n4 after_taker\n5 sum\n");
        assert_eq!((counts.clones(), counts.alive()), (0, 0));
    }
    Ok(())
}

#[test]
fn of_several_takers_one_moves() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = with_source(&counts)
            .function("a", ["source"], |Own(_): Own<Counted>| ())
            .function("b", ["source"], |Own(_): Own<Counted>| ())
            .function("c", ["source"], |Own(_): Own<Counted>| ())
            .build()?;
        run(&graph, executor, &["a", "b", "c"])?;
        assert_eq!((counts.clones(), counts.alive()), (2, 0));
    }
    Ok(())
}

#[test]
fn it_is_cloned_where_a_later_node_needs_it_and_what_was_made_of_it() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = with_source(&counts)
            .function("taker", ["source"], |Own(_): Own<Counted>| 1)
            .function("both", ["taker", "source"], |taker: &i32, _: &Counted| *taker)
            .build()?;
        run(&graph, executor, &["both"])?;
        assert_eq!((counts.clones(), counts.alive()), (1, 0));
    }
    Ok(())
}

#[test]
fn it_is_cloned_where_it_is_asked_for_or_used_twice_by_one_node() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = with_source(&counts)
            .function("taker", ["source"], |Own(_): Own<Counted>| ())
            .function("twice", ["source", "source"], |Own(_): Own<Counted>, _: &Counted| ())
            .build()?;
        let run_of_source = run(&graph, executor, &["taker", "source"])?;
        assert_eq!((counts.clones(), counts.alive()), (1, 1));
        drop(run_of_source);
        run(&graph, executor, &["twice"])?;
        assert_eq!((counts.clones(), counts.alive()), (2, 0));
    }
    Ok(())
}

#[test]
fn what_cannot_be_cloned_is_moved_or_refused_before_anything_runs() -> Result<(), Error> {
    let ran = Arc::new(AtomicUsize::new(0));
    let graph = {
        let ran = Arc::clone(&ran);
        Graph::builder()
            .function("source", (), move || {
                Unique(u32::try_from(ran.fetch_add(1, Ordering::SeqCst)).unwrap_or(0))
            })
            .function("a", ["source"], |Own(source): Own<Unique>| source.0)
            .function("b", ["source"], |Own(source): Own<Unique>| source.0)
            .function("c", ["source"], |source: &Unique| source.0)
            .build()?
    };
    for executor in BOTH {
        ran.store(0, Ordering::SeqCst);
        run(&graph, executor, &["a", "c"])?;
        assert_eq!(ran.swap(0, Ordering::SeqCst), 1);
        let refused = |outputs: &[&str]| run(&graph, executor, outputs).unwrap_err().to_string();
        assert_eq!(
            refused(&["a", "b", "c"]),
            "the value of `source` would have to be cloned, but `Unique` is not `Clone`: `a` takes it by value, and `b` and `c` need it too; derive `Clone` for `Unique` and make that known, with `value_type(value_type!(Unique))` after its node, or take it by reference"
        );
        assert_eq!(
            refused(&["a", "source"]),
            "the value of `source` would have to be cloned, but `Unique` is not `Clone`: `a` takes it by value, and it is asked for; derive `Clone` for `Unique` and make that known, with `value_type(value_type!(Unique))` after its node, or take it by reference"
        );
        assert_eq!(ran.load(Ordering::SeqCst), 0);
    }
    Ok(())
}

#[test]
fn a_value_is_dropped_after_its_last_use() -> Result<(), Error> {
    const LENGTH: usize = 50;
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let mut builder = with_source(&counts);
        for index in 0..LENGTH {
            let feed = if index == 0 { "source".to_owned() } else { format!("n{}", index - 1) };
            builder = builder.function(format!("n{index}"), [feed], |value: &Counted| value.counts.value());
        }
        let last = format!("n{}", LENGTH - 1);
        run(&builder.build()?, executor, &[&last])?;
        assert_eq!(counts.most_alive.load(Ordering::SeqCst), 2);
        assert_eq!(counts.alive(), 0);
    }
    Ok(())
}

#[test]
fn a_value_that_nobody_needs_is_dropped_at_once() -> Result<(), Error> {
    for executor in BOTH {
        let counts = Arc::new(Counts::default());
        let graph = Graph::builder()
            .input::<Counted>("unneeded")
            .function("alive", (), {
                let counts = Arc::clone(&counts);
                move || counts.alive()
            })
            .build()?;
        let driver = graph.driver().executor(executor).build()?;
        let run = driver.execute_named(["alive"], InputMap::new().set("unneeded", counts.value()))?;
        assert_eq!(run.get::<usize>("alive")?, &0);
    }
    Ok(())
}

#[test]
fn an_input_is_moved_like_any_value() -> Result<(), Error> {
    for executor in BOTH {
        let graph = Graph::builder()
            .input::<Unique>("given")
            .function("taken", ["given"], |Own(Unique(number)): Own<Unique>| number)
            .build()?;
        let driver = graph.driver().executor(executor).build()?;
        let run = driver.execute_named(["taken"], InputMap::new().set("given", Unique(5)))?;
        assert_eq!(run.get::<u32>("taken")?, &5);
    }
    Ok(())
}

#[test]
fn only_what_is_needed_runs() -> Result<(), Error> {
    for executor in BOTH {
        let graph = Graph::builder()
            .function("a", (), || 1)
            .function("unneeded", ["a"], |_: &i32| -> i32 { unreachable!("it is not needed") })
            .function("b", ["a"], |a: &i32| a + 1)
            .build()?;
        assert_eq!(run(&graph, executor, &["b"])?.schedule().to_string(), "1 a\n2 b\n");
    }
    Ok(())
}

#[test]
fn whole_and_parts_are_both_had_by_a_clone() -> Result<(), Error> {
    for executor in BOTH {
        let graph = Graph::builder()
            .function("pair", (), || (1.0, 2.0))
            .parts(["low", "high"], |pair: (f64, f64)| pair)
            .function("width", ["pair", "high"], |pair: &(f64, f64), high: &f64| high - pair.0)
            .build()?;
        let run = run(&graph, executor, &["width", "low", "pair"])?;
        assert_eq!(run.get::<f64>("width")?, &1.0);
        assert_eq!(run.get::<f64>("low")?, &1.0);
        assert_eq!(run.get::<(f64, f64)>("pair")?, &(1.0, 2.0));
    }
    Ok(())
}

#[test]
fn an_override_of_a_whole_is_taken_apart_and_one_of_a_part_stands() -> Result<(), Error> {
    for executor in BOTH {
        let graph = Graph::builder()
            .function("pair", (), || -> (f64, f64) { unreachable!("it is overridden") })
            .parts(["low", "high"], |pair: (f64, f64)| pair)
            .function("width", ["low", "high"], |low: &f64, high: &f64| high - low)
            .build()?;
        let driver = graph.driver().executor(executor).build()?;
        let width = driver.override_named("pair", (1.0, 4.0)).execute_named(["width"], ())?;
        assert_eq!(width.get::<f64>("width")?, &3.0);
        let request = driver.override_named("pair", (1.0, 4.0)).override_named("low", 2.0);
        assert_eq!(request.execute_named(["width"], ())?.get::<f64>("width")?, &2.0);
        let request = driver.override_named("low", 2.0).override_named("high", 9.0);
        assert_eq!(request.execute_named(["width"], ())?.get::<f64>("width")?, &7.0);
        let both = driver.override_named("pair", (1.0, 4.0)).execute_named(["pair", "low"], ())?;
        assert_eq!((both.get::<(f64, f64)>("pair")?, both.get::<f64>("low")?), (&(1.0, 4.0), &1.0));
    }
    Ok(())
}
