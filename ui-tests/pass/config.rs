//! Conditions of all kinds.
#![deny(warnings)]
use millstream::prelude::*;

#[derive(Clone, Copy, Debug)]
pub enum Unit {
    Celsius,
    Fahrenheit,
    Kelvin { exact: bool },
}

#[dataflow]
pub mod conditions {
    use super::Unit;

    pub const FIRST: u32 = 1;

    #[config]
    pub struct Config {
        pub unit: Unit,
        pub version: u32,
        pub station: String,
        pub fast: bool,
        pub model: Option<String>,
        pub not_for_selection: Vec<f64>,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn freezing__celsius() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit | Unit::Kelvin { exact: false })]
    pub fn freezing__other() -> f64 {
        32.0
    }

    #[node]
    #[when(unit = Unit::Kelvin { exact: true })]
    pub fn freezing__kelvin() -> f64 {
        273.15
    }

    #[node]
    #[when(version = FIRST)]
    pub fn weight__first() -> f64 {
        0.1
    }

    #[node]
    #[when(version = 2..=4)]
    pub fn weight__middle() -> f64 {
        0.2
    }

    #[node]
    #[when(version = _)]
    pub fn weight__last() -> f64 {
        0.3
    }

    #[node]
    #[when(station = "seattle" | "tacoma")]
    pub fn height__near() -> f64 {
        53.0
    }

    #[node]
    #[when(station = _)]
    pub fn height__far() -> f64 {
        0.0
    }

    #[node]
    #[when(model = Some("linear"))]
    pub fn slope__linear() -> f64 {
        1.0
    }

    #[node]
    #[when(model = Some(_))]
    pub fn slope__other() -> f64 {
        2.0
    }

    #[node]
    #[when(model = None)]
    pub fn slope__none() -> f64 {
        0.0
    }

    #[node]
    #[when(fast = true, unit = Unit::Celsius)]
    pub fn both__first() -> u32 {
        1
    }

    #[node]
    #[when(fast = true)]
    pub fn both__second() -> u32 {
        2
    }

    #[node]
    #[when(unit = _)]
    pub fn both__third() -> u32 {
        3
    }

    #[node]
    #[when(version = 1)]
    pub fn negated__one(weight: f64) -> f64 {
        weight
    }

    #[node]
    #[when_not(version = 1)]
    pub fn negated__other(height: f64) -> f64 {
        height
    }

    #[node]
    #[when(fast = _)]
    pub fn single() -> bool {
        true
    }
}

fn main() -> Result<(), millstream::Error> {
    use conditions::{both, freezing, height, negated, single, slope, weight};
    let config = conditions::Config {
        unit: Unit::Kelvin { exact: true },
        version: 3,
        station: "tacoma".to_owned(),
        fast: true,
        model: Some("linear".to_owned()),
        not_for_selection: Vec::new(),
    };
    let run = conditions::driver(config)
        .build()?
        .execute::<(freezing, weight, height, slope, both, negated, single)>(())?;
    assert_eq!(run.into_values(), (273.15, 0.2, 53.0, 1.0, 2, 53.0, true));
    Ok(())
}
