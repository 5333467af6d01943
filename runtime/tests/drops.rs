//! Values whose `drop` panics: that is told of as a failure where nothing else is, and never gets out of a driver.

#![allow(
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "values are dropped in all places, and nodes are written as users write them"
)]

use std::sync::Once;

use millstream::prelude::*;
use millstream::{Error, ErrorKind, Executor, Graph, InputMap};

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

/// Panics are expected here: without their output.
fn quiet() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
}

/// Panics when it is dropped, also while another panic unwinds.
pub struct Explosive(&'static str);

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("{} blew up", self.0);
    }
}

impl Clone for Explosive {
    fn clone(&self) -> Self {
        panic!("{} cannot be cloned", self.0);
    }
}

#[test]
fn results_are_dropped_with_care_where_the_run_has_failed() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("a", (), || Explosive("a"))
        .function("b", (), || Explosive("b"))
        .function("c", ["b"], |_: &Explosive| 1_u32)
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        // That of `a` comes of the failure, and is not told of.
        assert_eq!(
            driver.execute_named(["a", "c"], ()).unwrap_err().to_string(),
            "node `b` panicked: b blew up (while its value was dropped); it was needed on the way `b` -> `c`"
        );
    }
    Ok(())
}

#[test]
fn what_a_refused_request_gives_is_dropped_with_care() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .input::<Explosive>("a")
        .input::<u32>("b")
        .function("c", ["a", "b"], |_: &Explosive, b: &u32| *b)
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let given = InputMap::new()
            .set("a", Explosive("first"))
            .set("a", Explosive("second"))
            .set("b", Explosive("of another type"))
            .set("c", Explosive("for a node"))
            .set("z", Explosive("for nothing"));
        let error = driver.override_named("y", Explosive("for no node")).execute_named(["c", "d"], given);
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert_eq!(
            error.problems(),
            [
                "`d` is neither a node nor an input; ask for a node of this graph",
                "input `b` is `u32`, but was given `Explosive`; give it a `u32`",
                "`c` is a node, not an input; leave it out, or override it with `override_value`",
                "there is no input `z`; leave it out",
                "`y` is neither a node nor an input; override a node of this graph",
            ]
        );
    }
    Ok(())
}

#[test]
fn what_was_given_twice_or_for_nothing_is_dropped_with_care() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .input::<Explosive>("a")
        .input::<u32>("b")
        .function("c", ["b"], |b: &u32| *b)
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        let message = |output, given| driver.execute_named([output], given).unwrap_err().to_string();
        assert_eq!(
            message("c", InputMap::new().set("a", Explosive("a")).set("b", 1_u32)),
            "node `a` panicked: a blew up (while its value was dropped)"
        );
        // The second one is the result, and would be the caller's.
        assert_eq!(
            message("a", InputMap::new().set("a", Explosive("first")).set("a", Explosive("second"))),
            "node `a` panicked: first blew up (while its value was dropped)"
        );
    }
    Ok(())
}

#[dataflow]
mod keyed {
    use std::collections::HashMap;

    use super::Explosive;

    #[node]
    #[extract_fields(low: Explosive, high: Explosive, middle: Explosive)]
    pub fn bounds() -> HashMap<String, Explosive> {
        HashMap::from([("low".to_owned(), Explosive("low")), ("high".to_owned(), Explosive("high"))])
    }
}

#[test]
fn parts_made_before_one_is_missing_are_dropped_one_by_one() -> Result<(), Error> {
    quiet();
    for executor in BOTH {
        let driver = keyed::driver().executor(executor).build()?;
        let error = driver.execute::<(keyed::low, keyed::high, keyed::middle)>(()).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!(failure.node(), "bounds");
        let cause = failure.cause().unwrap().to_string();
        assert_eq!(cause, "its value has no key `middle`; it has no keys at all");
    }
    Ok(())
}

#[test]
fn a_whole_whose_clone_panics_is_dropped_with_care() -> Result<(), Error> {
    quiet();
    let graph = Graph::builder()
        .function("pair", (), || Explosive("pair"))
        .value_type(millstream::value_type!(Explosive))
        .parts(["low", "high"], |pair: Explosive| {
            std::mem::forget(pair);
            (1_u32, 2_u32)
        })
        .build()?;
    for executor in BOTH {
        let driver = graph.driver().executor(executor).build()?;
        assert_eq!(
            driver.execute_named(["pair", "low"], ()).unwrap_err().to_string(),
            "node `pair` panicked: pair cannot be cloned"
        );
    }
    Ok(())
}
