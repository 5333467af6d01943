// `Kelvin` belongs to `#[when_not]` and to another variant.
use millstream::prelude::*;

pub enum Unit {
    Celsius,
    Fahrenheit,
    Kelvin,
}

#[dataflow]
pub mod weather {
    use super::Unit;

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[node]
    #[when(unit = Unit::Celsius | Unit::Kelvin)]
    pub fn freezing__metric() -> f64 {
        0.0
    }

    #[node]
    #[when_not(unit = Unit::Celsius)]
    pub fn freezing__other() -> f64 {
        32.0
    }
}

fn main() {
    let _all = [Unit::Celsius, Unit::Fahrenheit, Unit::Kelvin];
}
