//! Requests: refused as a whole before anything runs, each mistake once, in words that help.

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

use millstream::{Error, ErrorKind, Executor, Feed, Graph, InputMap};

fn graph() -> Result<Graph, Error> {
    Graph::builder()
        .input::<Vec<f64>>("spend")
        .input::<usize>("window")
        .input::<f64>("limit")
        .input_or("scale", 1.0)
        .function("rolling", ["spend", "window"], |spend: &[f64], window: &usize| spend.len() * window)
        .function("mean", ["spend", "scale"], |spend: &[f64], scale: &f64| spend[0] * scale)
        .function("capped", ["mean", "limit"], |mean: &f64, limit: Option<&f64>| {
            limit.map_or(*mean, |limit| mean.min(*limit))
        })
        .build()
}

fn problems(outputs: &[&str], inputs: InputMap) -> Result<Vec<String>, Error> {
    let error = graph()?.driver().build()?.execute_named(outputs, inputs).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    Ok(error.problems())
}

#[test]
fn everything_that_is_wrong_is_said_at_once() -> Result<(), Error> {
    let inputs =
        InputMap::new().set("windw", 7_usize).set("mean", 1.0).set("limit", 1_i32).set("colour", "red");
    assert_eq!(
        problems(&["rolling", "capped", "cappd", "unheard_of"], inputs)?,
        [
            "`cappd` is neither a node nor an input; did you mean `capped`?",
            "`unheard_of` is neither a node nor an input; ask for a node of this graph",
            "there is no input `windw`; did you mean `window`?",
            "`mean` is a node, not an input; leave it out, or override it with `override_value`",
            "input `limit` is `f64`, but was given `i32`; give it a `f64`",
            "there is no input `colour`; leave it out",
            "input `spend` is missing, which `rolling` and `mean` need; supply a `Vec<f64>`",
        ]
    );
    Ok(())
}

#[test]
fn only_what_is_needed_must_be_supplied() -> Result<(), Error> {
    let driver = graph()?.driver().build()?;
    let run = driver.execute_named(["capped"], InputMap::new().set("spend", vec![2.0]))?;
    assert_eq!(run.get::<f64>("capped")?, &2.0);
    let inputs = InputMap::new().set("spend", vec![2.0]).set("limit", 0.5);
    assert_eq!(driver.execute_named(["capped"], inputs)?.get::<f64>("capped")?, &0.5);
    let run = driver.override_named("mean", 9.0).execute_named(["capped"], ())?;
    assert_eq!(run.get::<f64>("capped")?, &9.0);
    assert!(driver.execute_named([] as [&str; 0], ())?.into_values().names().is_empty());
    Ok(())
}

#[test]
fn many_that_need_an_input_are_counted() -> Result<(), Error> {
    let mut builder = Graph::builder().input::<u8>("x");
    let names: Vec<String> = (0..7).map(|index| format!("n{index}")).collect();
    for name in &names {
        builder = builder.function(name, ["x"], |x: &u8| *x);
    }
    let graph = builder.function("all", [Feed::group(&names)], |all: Vec<&u8>| all.len()).build()?;
    assert_eq!(
        graph.driver().build()?.execute_named(["all"], ()).unwrap_err().to_string(),
        "input `x` is missing, which `n0`, `n1`, `n2`, `n3`, `n4` and 2 more need; supply a `u8`"
    );
    Ok(())
}

#[test]
fn an_override_must_exist_and_fit() -> Result<(), Error> {
    let driver = graph()?.driver().build()?;
    let request = driver.override_named("maen", 1.0).override_named("capped", 1_u8);
    assert_eq!(
        request.execute_named(["capped"], ()).unwrap_err().problems()[..2],
        [
            "`maen` is neither a node nor an input; did you mean `mean`?",
            "node `capped` is `f64`, but was given `u8`; give it a `f64`",
        ]
    );
    Ok(())
}

#[test]
fn a_name_that_is_asked_for_twice_is_one_value() -> Result<(), Error> {
    let driver = graph()?.driver().build()?;
    let run = driver.execute_named(["scale", "scale"], ())?;
    assert_eq!(run.values().names(), ["scale"]);
    Ok(())
}

#[test]
fn results_are_had_as_map_json_and_by_a_builder_of_ones_own() -> Result<(), Error> {
    struct NotSerialisable;
    let graph = Graph::builder()
        .function("a", (), || vec![1.5])
        .function("b", (), || Some("x".to_owned()))
        .function("c", (), || NotSerialisable)
        .build()?;
    let driver = graph.driver().executor(Executor::Sequential).build()?;
    let run = driver.execute_named(["b", "a"], ())?;
    assert_eq!(run.to_json()?.to_string(), r#"{"a":[1.5],"b":"x"}"#);
    let mut map = run.into_map();
    assert_eq!(map.remove("a").and_then(|value| value.downcast::<Vec<f64>>().ok()), Some(vec![1.5]));
    assert_eq!(map["b"].to_json()?, "x");

    let run = driver.execute_named(["a", "c"], ())?;
    assert_eq!(
        run.to_json().unwrap_err().to_string(),
        "`c` cannot be written as JSON: `NotSerialisable` is not known to implement `Serialize`; derive `serde::Serialize` for `NotSerialisable` and make that known, with `value_type(value_type!(NotSerialisable))` after its node"
    );
    assert_eq!(
        run.get::<f64>("z").unwrap_err().to_string(),
        "there is no value `z`; ask for it when the graph is run"
    );

    struct Names;
    impl millstream::ResultBuilder for Names {
        type Output = String;
        type Error = Error;
        fn build(self, values: millstream::Named) -> Result<String, Error> {
            Ok(values.names().join("+"))
        }
    }
    assert_eq!(run.build(Names)?, "a+c");
    Ok(())
}

#[test]
fn timings_are_taken_when_asked_for() -> Result<(), Error> {
    let graph = graph()?;
    for executor in [Executor::Sequential, Executor::Rayon] {
        let driver = graph.driver().executor(executor).timings(true).build()?;
        let run = driver.execute_named(["capped"], InputMap::new().set("spend", vec![2.0]))?;
        let schedule = run.schedule();
        assert!(schedule.tasks().iter().all(|task| task.timing.is_some()));
        assert!(schedule.tasks()[0].timing.unwrap().duration <= schedule.total().unwrap());
        let table = schedule.to_string();
        let first: Vec<&str> =
            table.lines().map(|line| line.split_whitespace().next().unwrap_or("")).collect();
        assert_eq!(first, ["node", "1", "2", "in"]);
    }
    Ok(())
}

#[test]
fn a_driver_can_be_used_from_many_threads_and_inside_a_pool() -> Result<(), Error> {
    let driver = graph()?.driver().build()?;
    let once = |x: f64| {
        let run = driver.execute_named(["mean"], InputMap::new().set("spend", vec![x]))?;
        run.get::<f64>("mean").copied()
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(once(3.0).ok(), Some(3.0)));
        }
    });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| once(4.0))?, 4.0);
    Ok(())
}

#[test]
fn a_node_may_run_another_driver() -> Result<(), Error> {
    let inner = Graph::builder()
        .input::<f64>("x")
        .function("y", ["x"], |x: &f64| x + 1.0)
        .build()?
        .driver()
        .build()?;
    let mut builder = Graph::builder();
    let names: Vec<String> = (0..20).map(|index| format!("n{index}")).collect();
    for name in &names {
        let inner = inner.clone();
        builder = builder.try_function(name, (), move || {
            inner.execute_named(["y"], InputMap::new().set("x", 1.0))?.take::<f64>("y")
        });
    }
    let sum = |all: Vec<&f64>| all.into_iter().sum::<f64>();
    let driver = builder.function("sum", [Feed::group(&names)], sum).build()?.driver().build()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| driver.execute_named(["sum"], ()))?.get::<f64>("sum")?, &40.0);
    Ok(())
}

#[test]
fn what_is_handed_out_may_pass_between_threads() {
    fn everywhere<T: Send + Sync + 'static>() {}
    everywhere::<Error>();
    everywhere::<Graph>();
    everywhere::<millstream::Driver>();
    everywhere::<millstream::Run<millstream::Named>>();
}
