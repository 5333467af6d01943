// The enum has no `Kelvin`, which rustc says itself.
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
    #[when(unit = Unit::Celsius | Unit::Fahrenheit)]
    pub fn freezing__usual() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Kelvin)]
    pub fn freezing__kelvin() -> f64 {
        273.15
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { unit: Unit::Celsius }).build();
}
