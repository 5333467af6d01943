//! What is said of mistakes that are easily made with the builder and the driver.
#![allow(clippy::unwrap_used, missing_docs, reason = "what is wrong is seen at once")]

use millstream::prelude::*;
use millstream::{
    BoxedError, Error, GraphBuilder, Layer, Named, NodeCall, Nodes, Own, Retry, SubDriver, hooks,
};

fn problem<T>(made: Result<T, Error>) -> String {
    made.err().map(|error| format!("{error:#}")).unwrap_or_default()
}

fn squares() -> GraphBuilder {
    Graph::builder().expand("number", (), || Parallelizable::new(0..3_u64)).function(
        "square",
        ["number"],
        |number: &u64| number * number,
    )
}

#[test]
fn a_forgotten_collect() {
    assert_eq!(
        problem(squares().function("sum", ["square"], |square: &[u64]| square.len()).build()),
        "parameter `square` of node `sum` is `&[u64]`, but node `square` yields `u64`; it does so for each item of `number`: take all with `Collect<'_, u64>`"
    );
    let of_opener = squares().function("count", ["number"], |number: &Vec<u64>| number.len()).build();
    assert!(
        problem(of_opener)
            .ends_with("; it does so for each item of `number`: take all with `Collect<'_, u64>`")
    );
    // Something else is wrong here.
    assert_eq!(
        problem(squares().function("sum", ["square"], |square: &[f64]| square.len()).build()),
        "parameter `square` of node `sum` is `&[f64]`, but node `square` yields `u64`"
    );
}

#[test]
fn a_method_of_the_builder_for_another_kind_of_closure() {
    let number = |builder: GraphBuilder| {
        problem(builder.function("twice", ["number"], |number: &i32| number * 2).build())
    };
    assert_eq!(
        number(Graph::builder().function("number", (), || "1".parse::<i32>())),
        "parameter `number` of node `twice` is `&i32`, but node `number` yields `Result<i32, ParseIntError>`; use `try_function` to add `number`"
    );
    let future = number(Graph::builder().function("number", (), || async { 1 }));
    assert!(future.ends_with("; if that is a future, use `async_function` to add `number`"), "{future}");
    assert_eq!(
        problem(Graph::builder().function("number", (), || Parallelizable::new([1])).build()),
        "`number` is a `Parallelizable<i32>`, which opens a block; add the node with `expand`, or `try_expand` where its function returns a `Result`"
    );
    let waits = || async { Ok::<_, String>(Parallelizable::new([1])) };
    assert_eq!(
        problem(Graph::builder().try_async_function("number", (), waits).build()),
        "`number` is a `Parallelizable<i32>`, which opens a block; add the node with `async_expand`, or `try_async_expand` where its function returns a `Result`"
    );
}

#[test]
fn parts_of_what_cannot_be_taken_apart() {
    let pair = || Parallelizable::new([(1, 2)]);
    let parts = |builder: GraphBuilder| builder.parts(["low", "high"], |pair: (i32, i32)| pair);
    let low = |low: &i32| low * 2;
    assert_eq!(
        problem(parts(Graph::builder().expand("pair", (), pair)).function("twice", ["low"], low).build()),
        "`parts` takes one value apart, and node `pair` returns a block of items; take each apart in a node that takes `pair`"
    );
    let pair = Graph::builder().function("pair", (), || (1, 2)).build().unwrap().driver().build().unwrap();
    let whole = Graph::builder().sub_driver("whole", SubDriver::of(&pair).outputs(["pair"]));
    assert_eq!(
        problem(whole.parts(["low"], |whole: Named| (whole.names().len(),)).build()),
        "the value of `whole` is taken apart already; do it once, or take it apart in a node that takes `whole`"
    );
}

#[test]
fn names_that_nothing_can_have() {
    let builder = Graph::builder().function("", (), || 1).input::<i32>("a b").function("1a", (), || 1);
    let builder = builder.function("a\n", (), || 1);
    let error =
        builder.function("_1", (), || 1).function("größe", (), || 1).function("type", (), || 1).build();
    assert_eq!(
        error.unwrap_err().problems(),
        [
            "the name of a node is empty; give it one that Rust could have for it",
            "`a b` cannot be the name of an input; use letters, digits and `_`, and no digit at first",
            "`1a` cannot be the name of a node; use letters, digits and `_`, and no digit at first",
            "`a\\n` cannot be the name of a node; use letters, digits and `_`, and no digit at first",
        ]
    );
}

#[test]
fn a_clone_that_the_builder_does_not_know_of() -> Result<(), Error> {
    #[derive(Clone)]
    struct Model;
    let graph = |builder: GraphBuilder| {
        let taken =
            builder.function("a", ["model"], |_: Own<Model>| 1).function("b", ["model"], |_: Own<Model>| 2);
        taken.build()?.driver().build()?.execute_named(["a", "b"], ()).map(drop)
    };
    let error = problem(graph(Graph::builder().function("model", (), || Model)));
    assert!(
        error.ends_with("; derive `Clone` for `Model` and make that known, with `value_type(value_type!(Model))` after its node, or take it by reference"),
        "{error}"
    );
    graph(Graph::builder().function("model", (), || Model).value_type(millstream::value_type!(Model)))
}

struct Half;

impl Layer for Half {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        call.set(0.5)
    }
}

#[test]
fn settings_of_a_driver_say_which_they_are() -> Result<(), Error> {
    let graph = Graph::builder().function("one", (), || 1).tag("calls", ["network"]).build()?;
    let driver = graph
        .driver()
        .layer_on(Nodes::named(["two"]), Half)
        .retry(Nodes::tagged("stage", "x"), Retry::times(1));
    let driver = driver.hook_on(Nodes::named(["on"]), hooks::Timings::default());
    assert_eq!(
        driver.build().unwrap_err().problems(),
        [
            "retry: no node has a tag `stage`; tag the nodes that are meant, or name them",
            "hook `Timings`: `on` is neither a node nor an input; did you mean `one`?",
            "layer `Half`: `two` is neither a node nor an input; name a node of this graph",
        ]
    );
    assert_eq!(
        problem(graph.driver().layer(Half).build()?.execute_named(["one"], ())),
        "node `one` failed: layer `Half`: `one` is `i32`, but was given `f64`; give it a `i32`"
    );
    Ok(())
}

#[test]
fn a_failure_says_whom_it_is_missed_by_and_for_which_item() -> Result<(), Error> {
    // `shown` does without, so it is not the one that `bad` is missed by.
    let graph = Graph::builder()
        .try_function("bad", (), || Err::<i32, _>("no"))
        .function("shown", ["bad"], |bad: Result<&i32, &NodeError>| bad.is_ok())
        .function("step", ["bad"], |bad: &i32| *bad)
        .function("used", ["step", "shown"], |step: &i32, _: &bool| *step)
        .build()?;
    assert_eq!(
        problem(graph.driver().build()?.execute_named(["shown", "used"], ())),
        "node `bad` failed; it was needed on the way `bad` -> `step` -> `used`: no"
    );
    let graph = Graph::builder()
        .expand("order", (), || Parallelizable::new(0..3_u64))
        .expand("line", ["order"], |order: &u64| Parallelizable::new(0..*order))
        .try_function("price", ["line"], |line: &u64| if *line == 1 { Err("no price") } else { Ok(*line) })
        .build()?;
    assert_eq!(
        problem(graph.driver().build()?.execute_named(["price"], ())),
        "node `price` failed for item 2, within it for item 1: no price"
    );
    Ok(())
}

/// One that has failed twice over: itself, and what was to stand in for it.
#[test]
fn a_fallback_that_fails_too() -> Result<(), Error> {
    let graph = Graph::builder()
        .try_function("source", (), || Err::<i32, _>("no source"))
        .try_function("stored", (), || Err::<i32, _>("no file"))
        .function("price", ["source"], |source: &i32| *source)
        .fallback("stored")
        .function("guess", ["source"], |source: &i32| *source)
        .fallback("price")
        .build()?;
    let failed = |output: &str| Ok::<_, Error>(problem(graph.driver().build()?.execute_named([output], ())));
    assert_eq!(
        failed("price")?,
        "node `source` failed; so did `stored`, which was to stand in for `price` (no file); it was needed on the way `source` -> `price`: no source"
    );
    // Both lack the same.
    assert!(failed("guess")?.starts_with("node `source` failed; "));
    Ok(())
}
