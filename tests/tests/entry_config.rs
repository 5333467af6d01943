//! Compiled entry points of dataflows with a config: a `match` selects what is called.

#![allow(
    unreachable_pub,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::ptr_arg,
    clippy::redundant_allocation,
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    clippy::unwrap_used,
    reason = "dataflows as users write them, in all forms"
)]

use std::error::Error as _;

use millstream::prelude::*;

/// Which functions are called, in their order.
mod calls {
    use std::cell::RefCell;

    thread_local! {
        static CALLS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    pub fn note(name: &'static str) {
        CALLS.with_borrow_mut(|calls| calls.push(name));
    }

    pub fn noted() -> Vec<&'static str> {
        let mut calls = CALLS.take();
        calls.sort_unstable();
        calls
    }
}

/// Nodes that only some configs need.
#[dataflow(compile(answer = (result, other, last), chosen = by_text))]
mod selected {
    use super::calls::note;

    #[derive(Clone, Copy, Debug)]
    pub enum Unit {
        Celsius,
        Fahrenheit,
        Kelvin,
    }

    #[config]
    #[derive(Clone, Debug)]
    pub struct Config {
        pub unit: Unit,
        pub exact: bool,
        pub station: String,
        pub note: Option<String>,
        pub limit: u8,
    }

    #[inputs]
    pub struct Inputs {
        pub measured: Vec<f64>,
    }

    /// Needed in one arm only.
    #[node]
    pub fn only_celsius(measured: Vec<f64>) -> Vec<f64> {
        note("only_celsius");
        measured
    }

    /// In a row behind one arm.
    #[node]
    pub fn before_fahrenheit(measured: &[f64]) -> f64 {
        note("before_fahrenheit");
        measured.len() as f64
    }

    #[node]
    pub fn only_fahrenheit(before_fahrenheit: f64) -> f64 {
        note("only_fahrenheit");
        before_fahrenheit + 32.0
    }

    /// In an arm of two nodes, but not in all arms.
    #[node]
    pub fn shared(measured: &[f64]) -> Vec<f64> {
        note("shared");
        measured.iter().map(|value| value * 2.0).collect()
    }

    /// The same, taken apart.
    #[node]
    #[unpack_fields(one, two)]
    pub fn pair(shared: Vec<f64>) -> (f64, Vec<f64>) {
        note("pair");
        (shared[0], shared)
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn result__celsius(only_celsius: Vec<f64>, one: f64) -> Result<f64, String> {
        note("result__celsius");
        only_celsius.first().copied().map(|first| first + one).ok_or_else(|| "empty".to_owned())
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn result__fahrenheit(only_fahrenheit: &f64, shared: &[f64]) -> f64 {
        note("result__fahrenheit");
        *only_fahrenheit + shared[0]
    }

    #[node]
    #[when_not(unit = Unit::Celsius | Unit::Fahrenheit)]
    pub fn result__other() -> Result<f64, std::num::ParseFloatError> {
        note("result__other");
        "1.5x".parse()
    }

    #[node]
    #[when(unit = Unit::Kelvin, exact = true)]
    pub fn other__kelvin(two: Vec<f64>) -> usize {
        note("other__kelvin");
        two.len()
    }

    #[node]
    #[when(unit = Unit::Celsius, exact = _)]
    pub fn other__celsius(two: Vec<f64>, shared: &[f64]) -> usize {
        note("other__celsius");
        two.len() + shared.len()
    }

    #[node]
    #[when(unit = _)]
    pub fn other() -> usize {
        note("other");
        0
    }

    /// Within an arm another choice.
    #[node]
    #[when(limit = 0..=9)]
    pub fn inner__low(measured: &[f64]) -> f64 {
        note("inner__low");
        measured[0]
    }

    #[node]
    #[when(limit = _)]
    pub fn inner__high(only_fahrenheit: f64) -> f64 {
        note("inner__high");
        only_fahrenheit
    }

    #[node]
    #[when(exact = true)]
    pub fn last__exact(inner: f64) -> f64 {
        note("last__exact");
        inner
    }

    #[node]
    #[when(exact = false)]
    pub fn last__not() -> f64 {
        note("last__not");
        0.0
    }

    #[node]
    #[when(station = "north", note = Some("cold"))]
    pub fn by_text__north() -> u8 {
        1
    }

    #[node]
    #[when(station = "south" | "east", note = None)]
    pub fn by_text__others() -> u8 {
        2
    }

    #[node]
    #[when(station = _)]
    pub fn by_text__all() -> u8 {
        3
    }
}

#[test]
fn the_config_selects_by_a_match_and_nothing_else_is_called() {
    use selected::{Config, Unit, last, other, result};
    for unit in [Unit::Celsius, Unit::Fahrenheit, Unit::Kelvin] {
        for (exact, limit) in [(true, 3), (true, 30), (false, 3), (false, 30)] {
            let config = Config { unit, exact, limit, station: String::new(), note: None };
            let measured = vec![1.0, 2.0];
            let inputs = selected::AnswerInputs { measured: measured.clone() };
            calls::noted();
            let entry = selected::answer(&config, &inputs);
            let called = calls::noted();
            let driver = selected::driver(config.clone()).executor(Executor::Sequential).build().unwrap();
            let run = driver.execute::<(result, other, last)>(selected::Inputs { measured });
            let expected = calls::noted();
            match (entry, run) {
                (Ok(entry), Ok(run)) => {
                    assert_eq!((entry.result, entry.other, entry.last), run.into_values(), "{config:?}");
                    assert_eq!(called, expected, "{config:?}");
                }
                (Err(entry), Err(run)) => {
                    let failure = run.failure().unwrap();
                    assert_eq!((entry.node(), Some(entry.place())), (failure.node(), failure.place()));
                    assert_eq!(entry.source().unwrap().to_string(), failure.cause().unwrap().to_string());
                }
                (entry, run) => panic!("{config:?}: {:?} and {:?}", entry.map(drop), run.map(drop)),
            }
        }
    }
}

#[test]
fn the_config_selects_by_texts() {
    use selected::{Config, Unit};
    for (station, note) in
        [("north", Some("cold")), ("north", None), ("south", None), ("east", None), ("east", Some("cold"))]
    {
        let config = Config {
            unit: Unit::Celsius,
            exact: true,
            limit: 0,
            station: station.to_owned(),
            note: note.map(str::to_owned),
        };
        let run = selected::driver(config.clone()).build().unwrap().execute::<selected::by_text>(());
        assert_eq!(selected::chosen(&config), run.unwrap().into_values());
    }
}
