//! Failures: which node, where, why, on the way to what; the same on both executors, and never the process.

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

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use millstream::{Error, ErrorKind, Executor, Graph, InputMap};

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Panics are expected here: without their output.
fn quiet() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
}

fn fail(graph: &Graph, executor: Executor, output: &str) -> Error {
    let driver = graph.driver().executor(executor).build().unwrap();
    driver.execute_named([output], ()).unwrap_err()
}

#[derive(Debug)]
struct Malformed {
    cause: std::num::ParseFloatError,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("line 3 is malformed")
    }
}

impl std::error::Error for Malformed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

#[test]
fn an_error_has_its_chain_and_its_causes() -> Result<(), Error> {
    let graph = Graph::builder()
        .try_function("rows", (), || "x".parse::<f64>().map_err(|cause| Malformed { cause }))
        .function("mean", ["rows"], |rows: &f64| *rows)
        .function("spread", ["rows"], |rows: &f64| *rows)
        .function("report", ["mean", "spread"], |mean: &f64, spread: &f64| mean + spread)
        .build()?;
    for executor in BOTH {
        let error = fail(&graph, executor, "report");
        assert_eq!(error.kind(), ErrorKind::Node);
        let failure = error.failure().unwrap();
        assert_eq!(failure.node(), "rows");
        assert_eq!(failure.chain(), ["rows", "mean", "report"]);
        assert_eq!(failure.needed_by(), ["mean", "spread"]);
        assert!(failure.cause().unwrap().downcast_ref::<Malformed>().is_some());
        let way = "node `rows` failed; it was needed on the way `rows` -> `mean` -> `report`";
        assert_eq!(error.to_string(), way);
        assert_eq!(format!("{error:#}"), format!("{way}: line 3 is malformed: invalid float literal"));
        assert_eq!(
            format!("{error:?}"),
            format!("{way}\n  caused by: line 3 is malformed\n  caused by: invalid float literal")
        );
    }
    Ok(())
}

#[test]
fn a_panic_is_the_nodes_failure() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("text", (), || -> f64 { unreachable!("no {}", "rows") })
        .function("literal", (), || -> f64 { panic!("plain") })
        .function("other", (), || -> f64 { std::panic::panic_any(5_u8) })
        .build()?;
    for executor in BOTH {
        let message = |output| fail(&graph, executor, output).to_string();
        assert_eq!(
            message("text"),
            "node `text` panicked: internal error: entered unreachable code: no rows"
        );
        assert_eq!(message("literal"), "node `literal` panicked: plain");
        assert_eq!(message("other"), "node `other` panicked: a panic without a message");
        assert!(fail(&graph, executor, "text").failure().unwrap().panicked());
    }
    Ok(())
}

#[test]
fn the_reported_failure_is_the_first_in_order_however_long_it_takes() -> Result<(), Error> {
    let mut builder = Graph::builder();
    let names: Vec<String> = (0..8).map(|index| format!("n{index}")).collect();
    for (index, name) in (0_u64..).zip(&names) {
        builder = builder.try_function(name, (), move || {
            std::thread::sleep(Duration::from_millis(16 - 2 * index));
            if index == 0 { Ok(index) } else { Err(format!("failure {index}")) }
        });
    }
    let all = |all: Vec<&u64>| all.len();
    let graph = builder.function("all", [millstream::Feed::group(&names)], all).build()?;
    for _ in 0..5 {
        for executor in BOTH {
            assert_eq!(fail(&graph, executor, "all").failure().unwrap().node(), "n1");
        }
    }
    Ok(())
}

#[test]
fn what_needs_a_failed_node_does_not_run() -> Result<(), Error> {
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ran);
    let graph = Graph::builder()
        .try_function("bad", (), || Err::<u8, _>("no"))
        .function("after", ["bad"], move |bad: &u8| {
            counted.fetch_add(1, Ordering::SeqCst);
            *bad
        })
        .build()?;
    for executor in BOTH {
        fail(&graph, executor, "after");
        assert_eq!(ran.load(Ordering::SeqCst), 0);
    }
    Ok(())
}

/// Panics when it is dropped.
struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("it blew up");
    }
}

#[test]
fn a_panic_in_drop_is_a_failure_and_not_the_end() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("first", (), || Explosive)
        .function("second", (), || Explosive)
        .function("uses", ["first", "second"], |_: &Explosive, _: &Explosive| 1)
        .try_function("fails", ["first", "second"], |_: &Explosive, _: &Explosive| Err::<u8, _>("no"))
        .build()?;
    for executor in BOTH {
        assert_eq!(
            fail(&graph, executor, "uses").to_string(),
            "node `first` panicked: it blew up (while its value was dropped); it was needed on the way `first` -> `uses`"
        );
        assert_eq!(fail(&graph, executor, "fails").failure().unwrap().node(), "fails");
    }
    Ok(())
}

#[test]
fn values_left_by_a_failure_are_dropped_one_by_one() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("first", (), || Explosive)
        .function("second", (), || Explosive)
        .try_function("bad", ["first", "second"], |_: &Explosive, _: &Explosive| Err::<u8, _>("no"))
        .function("late", ["first", "second", "bad"], |_: &Explosive, _: &Explosive, bad: &u8| *bad)
        .build()?;
    for executor in BOTH {
        assert_eq!(fail(&graph, executor, "late").failure().unwrap().node(), "bad");
    }
    Ok(())
}

#[test]
fn a_default_that_panics_is_the_inputs_failure() -> Result<(), Error> {
    quiet();
    struct Stubborn;
    impl Clone for Stubborn {
        fn clone(&self) -> Self {
            panic!("no clone")
        }
    }
    let graph =
        Graph::builder().input_or("window", Stubborn).function("a", ["window"], |_: &Stubborn| 1).build()?;
    for executor in BOTH {
        assert_eq!(
            fail(&graph, executor, "a").to_string(),
            "node `window` panicked: no clone; it was needed on the way `window` -> `a`"
        );
    }
    let driver = graph.driver().build()?;
    assert_eq!(driver.execute_named(["a"], InputMap::new().set("window", Stubborn))?.get::<i32>("a")?, &1);
    Ok(())
}

#[test]
fn a_driver_works_on_after_a_failure() -> Result<(), Error> {
    let graph = Graph::builder()
        .input::<i32>("x")
        .try_function("checked", ["x"], |x: &i32| u32::try_from(*x))
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        for (x, works) in [(-1, false), (1, true), (-1, false), (2, true)] {
            assert_eq!(driver.execute_named(["checked"], InputMap::new().set("x", x)).is_ok(), works);
        }
    }
    Ok(())
}

#[test]
fn errors_say_what_happened_to_those_who_only_print_them() -> Result<(), Box<dyn std::error::Error>> {
    let graph = Graph::builder().try_function("bad", (), || Err::<u8, _>("no rows".to_owned())).build()?;
    let error: Box<dyn std::error::Error> = fail(&graph, Executor::Sequential, "bad").into();
    assert_eq!(error.to_string(), "node `bad` failed");
    assert_eq!(error.source().map(ToString::to_string), Some("no rows".to_owned()));
    assert_eq!(format!("{error:?}"), "node `bad` failed\n  caused by: no rows");
    Ok(())
}
