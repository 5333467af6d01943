// A variant for `Unit::Kelvin` is missing.
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
    #[when(unit = Unit::Celsius)]
    pub fn freezing__celsius() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn freezing__fahrenheit() -> f64 {
        32.0
    }
}

fn main() {
    let driver = weather::driver(weather::Config { unit: Unit::Kelvin }).build().unwrap();
    let _freezing: f64 = driver.execute::<weather::freezing>(()).unwrap().into_values();
}
