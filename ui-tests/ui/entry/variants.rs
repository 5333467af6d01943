// Patterns and variants that are wrong are reported once.
use millstream::prelude::*;

#[dataflow(compile(score = (rate, of_text, of_types)))]
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
    #[when(unit = "celsius")]
    pub fn of_text__celsius() -> f64 {
        1.0
    }

    #[node]
    #[when(unit = _)]
    pub fn of_text__other() -> f64 {
        1.0
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn of_types__celsius() -> f64 {
        1.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit)]
    pub fn of_types__fahrenheit() -> String {
        String::new()
    }
}

fn main() {
    let _of = scoring::score(&scoring::Config { unit: scoring::Unit::Celsius }).of_text;
}
