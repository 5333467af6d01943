// No config ever selects the last variant.
#![deny(unreachable_patterns)]
use millstream::prelude::*;

pub enum Unit {
    Celsius,
    Fahrenheit,
}

#[dataflow]
pub mod weather {
    use super::Unit;

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn freezing__celsius() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn freezing__fahrenheit() -> f64 {
        32.0
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn freezing__once_more() -> f64 {
        0.0
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { unit: Unit::Celsius }).build();
}
