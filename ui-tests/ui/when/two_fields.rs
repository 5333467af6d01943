// No variant is there for a fast model in Fahrenheit.
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
        pub fast: bool,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn freezing__celsius() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit, fast = false)]
    pub fn freezing__fahrenheit() -> f64 {
        32.0
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { unit: Unit::Celsius, fast: true }).build();
}
