// A variant that is missing is reported at the node, once.
use millstream::prelude::*;

#[dataflow(compile(score = rate))]
pub mod scoring {
    pub enum Unit {
        Celsius,
        Fahrenheit,
    }

    #[config]
    pub struct Config {
        pub unit: Unit,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn rate__celsius() -> f64 {
        1.0
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn rate__again() -> f64 {
        1.0
    }
}

fn main() {
    let _rate = scoring::score(&scoring::Config { unit: scoring::Unit::Fahrenheit });
}
