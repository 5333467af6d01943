//! Dataflows as the macros make them, driven by type.

#![allow(
    clippy::float_cmp,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "the numbers are exact, and nodes are written as users write them"
)]

use millstream::prelude::*;
use millstream::{Error, Executor, InputMap};

/// Weather.
#[dataflow]
mod weather {
    use std::collections::HashMap;

    pub struct Columns {
        pub high: Vec<f64>,
        pub low: Vec<f64>,
    }

    pub enum Unit {
        Celsius,
        Fahrenheit,
    }

    #[inputs]
    pub struct Inputs {
        pub rows: Vec<f64>,
        #[default(7)]
        pub window: usize,
        pub limit: Option<f64>,
    }

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[derive(Debug)]
    pub struct Broken;

    impl std::fmt::Display for Broken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the mean is not a number")
        }
    }

    impl std::error::Error for Broken {}

    #[node]
    #[extract_fields(high, low)]
    pub fn columns(rows: Vec<f64>) -> Columns {
        let low = rows.iter().map(|row| row - 1.0).collect();
        Columns { high: rows, low }
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn mean__celsius(high: &[f64]) -> f64 {
        high.iter().sum::<f64>() / 2.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn mean__fahrenheit(high: &[f64], low: &[f64]) -> f64 {
        mean__celsius(high) * 1.8 + 32.0 + low[0] * 0.0
    }

    #[node]
    pub fn checked(mean: &f64, limit: Option<&f64>, absent: Option<&f64>) -> Result<f64, Broken> {
        assert!(absent.is_none());
        if mean.is_nan() { Err(Broken) } else { Ok(limit.map_or(*mean, |limit| mean.min(*limit))) }
    }

    #[node]
    #[parameterize(rolling_high = { series: source(high) }, rolling_low = { series: source(low) })]
    pub fn rolling(series: &[f64], window: usize) -> usize {
        series.len() * window
    }

    #[node]
    #[extract_fields(count, sum_of_all)]
    pub fn summary(#[group(rolling_high, rolling_low)] all: Vec<&usize>) -> HashMap<String, usize> {
        HashMap::from([("count".to_owned(), all.len()), ("sum".to_owned(), all.into_iter().sum())])
    }
}

fn driver(unit: weather::Unit, executor: Executor) -> millstream::Driver<weather::Flow> {
    weather::driver(weather::Config { unit }).executor(executor).build().unwrap()
}

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

#[test]
fn typed_outputs_come_back_owned() -> Result<(), Error> {
    for executor in BOTH {
        let driver = driver(weather::Unit::Celsius, executor);
        let inputs = || weather::Inputs { rows: vec![10.0, 20.0], window: 3, limit: Some(12.0) };
        let run = driver.execute::<(weather::checked, weather::rolling_high, weather::low)>(inputs())?;
        assert_eq!(run.into_values(), (12.0, 6, vec![9.0, 19.0]));
        assert_eq!(driver.execute::<weather::mean>(inputs())?.into_values(), 15.0);
    }
    Ok(())
}

#[test]
fn a_config_selects_the_variant() -> Result<(), Error> {
    let fahrenheit = driver(weather::Unit::Fahrenheit, Executor::Sequential);
    let inputs = weather::inputs().rows(vec![10.0, 20.0]);
    assert_eq!(fahrenheit.execute::<weather::mean>(inputs)?.into_values(), 59.0);
    let celsius = driver(weather::Unit::Celsius, Executor::Sequential);
    assert_ne!(fahrenheit.graph().hash(), celsius.graph().hash());
    assert_eq!(celsius.graph().node("mean").unwrap().params().count(), 1);
    Ok(())
}

#[test]
fn partial_inputs_have_defaults_and_refuse_what_is_missing() -> Result<(), Error> {
    let driver = driver(weather::Unit::Celsius, Executor::Rayon);
    let run = driver.execute::<weather::rolling_high>(weather::inputs().rows(vec![1.0, 2.0]))?;
    assert_eq!(run.into_values(), 14);
    let error = driver.execute::<weather::rolling_high>(weather::inputs()).unwrap_err();
    assert_eq!(error.to_string(), "input `rows` is missing, which `columns` needs; supply a `Vec<f64>`");
    Ok(())
}

#[test]
fn a_node_that_fails_is_named_with_its_place_and_its_way() {
    let driver = driver(weather::Unit::Celsius, Executor::Rayon);
    let inputs = weather::inputs().rows(vec![f64::NAN, 1.0]);
    let error = driver.execute::<weather::checked>(inputs).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "node `checked` (runtime/tests/dataflows.rs:73:12) failed\n  caused by: the mean is not a number"
    );
    let error = driver.execute::<weather::sum_of_all>(weather::inputs().rows(vec![1.0])).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "node `summary` (runtime/tests/dataflows.rs:86:12) failed; it was needed on the way `summary` -> `sum_of_all`: its value has no key `sum_of_all`; it has `count`, `sum`"
    );
}

#[test]
fn only_the_wanted_parts_are_made() -> Result<(), Error> {
    let driver = driver(weather::Unit::Celsius, Executor::Sequential);
    assert_eq!(driver.execute::<weather::count>(weather::inputs().rows(vec![1.0]))?.into_values(), 2);
    Ok(())
}

#[test]
fn a_whole_that_cannot_be_cloned_is_not_taken_apart_too() {
    let driver = driver(weather::Unit::Celsius, Executor::Sequential);
    let inputs = weather::inputs().rows(vec![1.0]);
    let error = driver.execute::<(weather::columns, weather::high)>(inputs).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value of `columns` would have to be cloned, but `Columns` is not `Clone`: it is needed as a whole, and taken apart for `high`; derive `Clone` for `Columns`, or use only one of the two"
    );
}

#[test]
fn a_node_is_overridden_by_type() -> Result<(), Error> {
    for executor in BOTH {
        let driver = driver(weather::Unit::Celsius, executor);
        let run = driver.override_value::<weather::mean>(3.0).execute::<weather::checked>(())?;
        assert_eq!(run.schedule().to_string(), "1 checked\n");
        assert_eq!(run.into_values(), 3.0);

        let given = weather::Columns { high: vec![5.0], low: vec![4.0] };
        let run =
            driver.override_value::<weather::columns>(given).execute::<(weather::mean, weather::low)>(())?;
        assert_eq!(run.into_values(), (2.5, vec![4.0]));

        let request = driver.override_value::<weather::high>(vec![8.0]);
        assert_eq!(request.execute::<weather::mean>(())?.into_values(), 4.0);
    }
    Ok(())
}

#[test]
fn the_dataflow_is_a_graph() -> Result<(), Error> {
    let dataflow = weather::dataflow();
    assert_eq!((dataflow.name(), dataflow.doc()), ("weather", "Weather."));
    assert!(dataflow.module().ends_with("weather"));
    let graph = dataflow.graph();
    assert_eq!(graph.inputs().count(), 3);
    let mean = graph.node("mean").unwrap();
    assert_eq!(mean.conditions().collect::<Vec<_>>(), ["unit = Unit::Celsius", "unit = Unit::Fahrenheit"]);
    assert_eq!(mean.place().unwrap().to_string(), "runtime/tests/dataflows.rs:62:12");
    assert_eq!(graph.node("low").unwrap().part_of().unwrap().name(), "columns");
    assert_eq!(
        graph.driver().build().unwrap_err().to_string(),
        "node `mean` has variants, and nothing selects one; take the graph from a driver of its dataflow, which has a config"
    );
    let selected = driver(weather::Unit::Celsius, Executor::Rayon).graph().clone();
    let same = selected.subgraph(|_| true)?;
    assert_eq!(same.description(), selected.description());
    let run = same.driver().build()?.execute_named(["low"], InputMap::new().set("rows", vec![2.0]))?;
    assert_eq!(run.get::<Vec<f64>>("low")?, &[1.0]);
    Ok(())
}

#[test]
fn nodes_of_a_dataflow_can_be_given_to_the_builder() -> Result<(), Error> {
    let graph = millstream::Graph::builder()
        .node::<weather::high>()
        .node::<weather::columns>()
        .node::<weather::low>()
        .function("rows", (), || vec![3.0, 5.0])
        .build()?;
    let driver = graph.driver().build()?;
    let run = driver.execute::<(weather::low, weather::high)>(())?;
    assert_eq!(run.into_values(), (vec![2.0, 4.0], vec![3.0, 5.0]));
    Ok(())
}
