//! What stands round the calls of nodes.

#![allow(
    clippy::items_after_statements,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "the functions have the form of nodes"
)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use millstream::prelude::*;
use millstream::{BoxedError, Collect, Layer, NodeCall, Nodes, Own, Parallelizable, Retry};

#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<String>>>);

impl Tape {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// Calls a closure as a layer.
struct Around<F>(F);

impl<F> Layer for Around<F>
where
    F: Fn(&mut NodeCall<'_>) -> Result<(), BoxedError> + Send + Sync + 'static,
{
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        (self.0)(call)
    }
}

fn around<F>(call: F) -> Around<F>
where
    F: Fn(&mut NodeCall<'_>) -> Result<(), BoxedError> + Send + Sync + 'static,
{
    Around(call)
}

fn named(name: &'static str, tape: &Tape) -> impl Layer + use<> {
    let tape = tape.clone();
    around(move |call| {
        tape.write(format!("{name} > {} {}", call.node().name(), call.attempt()));
        let outcome = call.proceed();
        tape.write(format!(
            "{name} < {}",
            outcome.as_ref().map_or_else(ToString::to_string, |()| "ok".to_owned())
        ));
        Ok(outcome?)
    })
}

const EXECUTORS: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Two nodes, so that more than one thread may be at work.
fn graph() -> Graph {
    Graph::builder()
        .function("rows", (), || vec![3, 4])
        .function("sum", ["rows"], |Own(rows): Own<Vec<i32>>| rows.iter().sum::<i32>())
        .build()
        .unwrap()
}

#[test]
fn three_round_one_node() {
    for executor in EXECUTORS {
        let tape = Tape::default();
        let driver = graph()
            .driver()
            .executor(executor)
            .layer(named("a", &tape))
            .layer_on(Nodes::named(["sum"]), named("b", &tape))
            .layer(named("c", &tape))
            .build()
            .unwrap();
        assert_eq!(driver.execute_named(["sum"], ()).unwrap().get::<i32>("sum").unwrap(), &7);
        assert_eq!(
            tape.take(),
            [
                "a > rows 1",
                "c > rows 1",
                "c < ok",
                "a < ok",
                "a > sum 1",
                "b > sum 1",
                "c > sum 1",
                "c < ok",
                "b < ok",
                "a < ok",
            ]
        );
    }
}

#[test]
fn layers_are_within_retries() {
    for executor in EXECUTORS {
        let tape = Tape::default();
        let calls = AtomicU32::new(0);
        let graph = Graph::builder()
            .function("one", (), || 1_u32)
            .try_function("flaky", ["one"], move |one: &u32| match calls.fetch_add(1, Ordering::SeqCst) {
                0 => Err("not yet"),
                n => Ok(n + one),
            })
            .build()
            .unwrap();
        let flaky = || Nodes::named(["flaky"]);
        let driver = graph
            .driver()
            .executor(executor)
            .retry(flaky(), Retry::times(2))
            .layer_on(flaky(), named("a", &tape))
            .build()
            .unwrap();
        assert_eq!(driver.execute_named(["flaky"], ()).unwrap().get::<u32>("flaky").unwrap(), &2);
        assert_eq!(tape.take(), ["a > flaky 1", "a < not yet", "a > flaky 2", "a < ok"]);
    }
}

#[test]
fn a_value_is_set_before_after_and_instead() {
    type Call = fn(&mut NodeCall<'_>) -> Result<(), BoxedError>;
    let cases: [(Call, i32); 4] = [
        (|call| call.set(1), 1),
        (
            |call| {
                call.proceed()?;
                let value = *call.output().unwrap().downcast_ref::<i32>().unwrap();
                call.set(value * 10)
            },
            70,
        ),
        (
            |call| {
                call.set(1)?;
                call.set(2)
            },
            2,
        ),
        (|call| call.proceed().or_else(|_| call.set(3).map_err(|_| unreachable!())).map_err(Into::into), 7),
    ];
    for executor in EXECUTORS {
        for (call, expected) in cases {
            let graph = graph();
            let driver = graph.driver().executor(executor).layer_on(Nodes::named(["sum"]), around(call));
            let run = driver.build().unwrap().execute_named(["sum"], ()).unwrap();
            assert_eq!(run.get::<i32>("sum").unwrap(), &expected);
        }
    }
}

#[test]
fn a_value_that_was_taken_is_dropped_once() {
    // What is moved into a node that is not called belongs to nobody else.
    #[derive(Clone)]
    struct Counted(Arc<AtomicU32>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    type Call = fn(&mut NodeCall<'_>) -> Result<(), BoxedError>;
    let cases: [(&str, Call); 6] = [
        ("instead", |call| call.set(1)),
        ("after", |call| {
            call.proceed()?;
            call.set(1)
        }),
        ("of another type", |call| call.set("x").or_else(|_| call.set(1))),
        ("nothing", |_| Ok(())),
        ("an error", |_| Err("no".into())),
        ("a panic", |call| {
            call.set(1)?;
            panic!("no")
        }),
    ];
    for executor in EXECUTORS {
        for (what, call) in cases {
            let drops = Arc::new(AtomicU32::new(0));
            let counted = Counted(Arc::clone(&drops));
            let graph = Graph::builder()
                .function("made", (), move || counted.clone())
                .function("used", ["made"], |Own(made): Own<Counted>| {
                    i32::from(made.0.load(Ordering::SeqCst) > 9)
                })
                .build()
                .unwrap();
            let driver = graph.driver().executor(executor).layer_on(Nodes::named(["used"]), around(call));
            let driver = driver.build().unwrap();
            for run in 1..=2 {
                let _ = driver.execute_named(["used"], ());
                assert_eq!(drops.load(Ordering::SeqCst), run, "{what}, {executor:?}");
            }
        }
    }
}

#[test]
fn again_where_nothing_was_taken() {
    struct Twice(bool);
    impl Layer for Twice {
        fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
            call.proceed()?;
            Ok(call.proceed()?)
        }

        fn repeats(&self) -> bool {
            self.0
        }
    }
    for executor in EXECUTORS {
        let build = |repeats| {
            graph()
                .driver()
                .executor(executor)
                .layer_on(Nodes::named(["sum"]), Twice(repeats))
                .build()
                .unwrap()
                .execute_named(["sum"], ())
        };
        assert_eq!(
            format!("{:#}", build(false).unwrap_err()),
            "node `sum` was called with what does not fit it: what it took by value is gone; say that the layer `repeats`"
        );
        // `Vec<i32>` is known to be `Clone`.
        assert_eq!(build(true).unwrap().get::<i32>("sum").unwrap(), &7);
    }
}

#[test]
fn errors_of_layers_and_of_nodes() {
    let fails = |call: fn(&mut NodeCall<'_>) -> Result<(), BoxedError>| {
        let graph = Graph::builder()
            .try_function("bad", (), || Err::<i32, _>("x".parse::<i32>().unwrap_err()))
            .build()
            .unwrap();
        let error =
            graph.driver().layer(around(call)).build().unwrap().execute_named(["bad"], ()).unwrap_err();
        let is_own = error
            .failure()
            .unwrap()
            .cause()
            .is_some_and(<dyn std::error::Error>::is::<std::num::ParseIntError>);
        (format!("{error:#}"), is_own)
    };
    assert_eq!(
        fails(|call| Ok(call.proceed()?)),
        ("node `bad` failed: invalid digit found in string".to_owned(), true),
        "the error is the node's own"
    );
    assert_eq!(fails(|_| Err("closed".into())), ("node `bad` failed: closed".to_owned(), false));
    assert_eq!(fails(|_| panic!("broken")), ("node `bad` panicked: broken".to_owned(), false));
    assert_eq!(
        fails(|_| Ok(())).0,
        "node `bad` failed: a layer has let nothing come of it; call `proceed` or `set` in each layer, or return an error"
    );
    assert_eq!(
        fails(|call| call.set("text")).0,
        "node `bad` failed: layer `Around`: `bad` is `i32`, but was given `&str`; give it a `i32`"
    );
}

#[dataflow]
mod items {
    use super::*;

    #[node]
    pub(crate) fn number() -> Parallelizable<u32> {
        Parallelizable::new(1..=4)
    }

    #[node]
    pub(crate) fn square(number: &u32) -> u32 {
        number * number
    }

    #[node]
    pub(crate) fn total(square: Collect<'_, u32>) -> u32 {
        square.iter().sum()
    }
}

#[test]
fn what_opens_a_block_is_given_a_source() {
    let error = |layer| {
        let driver = items::driver().layer(layer).executor(Executor::Sequential).build().unwrap();
        format!("{:#}", driver.execute::<items::number>(()).unwrap_err())
    };
    let wanted = "`number` is `Parallelizable<u32>`, but was given `u32`; give it a `Parallelizable<u32>`";
    assert!(error(around(|call| call.set(7_u32))).contains(wanted));
}

#[test]
fn in_blocks_too() {
    for executor in EXECUTORS {
        let odd = around(|call| if call.items()[0] % 2 == 0 { call.set(0_u32) } else { Ok(call.proceed()?) });
        let driver =
            items::driver().executor(executor).layer_on(Nodes::of::<items::square>(), odd).build().unwrap();
        assert_eq!(driver.execute::<items::total>(()).unwrap().into_values(), 4 + 16);
    }
}

#[test]
fn parts_are_made_of_the_value_that_is_set() {
    for executor in EXECUTORS {
        let graph = Graph::builder()
            .function("pair", (), || ("x".to_owned(), 2_usize))
            .parts(["one", "two"], |pair: (String, usize)| pair)
            .function("sum", ["one", "two"], |one: &str, two: &usize| one.len() + two)
            .build()
            .unwrap();
        let seven = around(|call| {
            call.proceed()?;
            assert_eq!(call.outputs().map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), ["one", "two"]);
            assert!(call.output().is_none());
            call.set(("four".to_owned(), 3_usize))
        });
        let driver =
            graph.driver().executor(executor).layer_on(Nodes::named(["pair"]), seven).build().unwrap();
        assert_eq!(driver.execute_named(["sum"], ()).unwrap().get::<usize>("sum").unwrap(), &7);
    }
}

#[test]
fn unknown_nodes_are_refused() {
    let error = graph().driver().layer_on(Nodes::named(["summ"]), around(|_| Ok(()))).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "layer `Around`: `summ` is neither a node nor an input; did you mean `sum`?"
    );
}
