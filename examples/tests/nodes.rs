//! How nodes are tested: as the functions that they are, and a dataflow by itself, with inputs made by hand.

#![allow(dead_code, unreachable_pub, reason = "a part of the example is used here")]

#[path = "../seattle_weather/daily.rs"]
mod daily;
#[path = "../seattle_weather/statistics.rs"]
mod statistics;
#[path = "../seattle_weather/unit.rs"]
mod unit;

use daily::features::{self, Config, Inputs, heating_degrees, temp_max, temp_max_rolling_7, wet};
use jiff::civil::date;
use unit::Unit;

#[test]
fn nodes_are_functions() {
    assert_eq!(features::rolling_mean(&[1.0, 2.0, 6.0], 2), [1.5, 4.0]);
    assert!(features::rolling_mean(&[1.0, 2.0, 6.0], 4).is_empty());
    assert_eq!(features::heating_degrees(&[17.5, 20.0], 18.0), [0.5, 0.0]);
    assert_eq!(features::wet(&[0.0, 0.1], 0.0), [false, true]);
}

#[test]
fn a_dataflow_runs_by_itself() -> Result<(), millstream::Error> {
    let driver = features::driver(Config { unit: Unit::Fahrenheit }).build()?;
    let run = driver.execute::<(temp_max, heating_degrees, wet)>(days())?;
    let (temp_max, heating_degrees, wet) = run.into_values();
    assert_eq!(temp_max, [50.0, 86.0]);
    assert_eq!(heating_degrees, [64.4 - 41.0, 0.0]);
    assert_eq!(wet, [true, false]);
    Ok(())
}

#[test]
fn what_is_not_asked_for_need_not_be_supplied() -> Result<(), millstream::Error> {
    let driver = features::driver(Config { unit: Unit::Celsius }).build()?;
    let run = driver.execute::<temp_max_rolling_7>(features::inputs().temp_max_celsius(vec![7.0; 8]))?;
    assert_eq!(run.into_values(), [7.0, 7.0]);
    Ok(())
}

#[test]
fn a_node_can_be_overridden() -> Result<(), millstream::Error> {
    let driver = features::driver(Config { unit: Unit::Celsius }).build()?;
    let run = driver.override_value::<temp_max>(vec![14.0, 34.0]).execute::<heating_degrees>(days())?;
    assert_eq!(run.into_values(), [11.0, 0.0]);
    Ok(())
}

fn days() -> Inputs {
    Inputs {
        date: vec![date(2012, 1, 1), date(2012, 8, 1)],
        precipitation: vec![4.5, 0.0],
        temp_max_celsius: vec![10.0, 30.0],
        temp_min_celsius: vec![0.0, 20.0],
        wet_above: 0.0,
    }
}
