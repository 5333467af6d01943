// One variant of a node needs what does not exist.
use millstream::prelude::*;

pub enum Unit {
    Celsius,
    Fahrenheit,
}

#[dataflow]
pub mod weather {
    use super::Unit;

    #[inputs]
    pub struct Inputs {
        pub temp_max: f64,
    }

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn warmest__celsius(temp_max: f64) -> f64 {
        temp_max
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn warmest__fahrenheit(temp_maxx: f64) -> f64 {
        temp_maxx * 1.8 + 32.0
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { unit: Unit::Celsius }).build();
}
