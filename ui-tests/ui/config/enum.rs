// The config is a struct; its fields may be enums.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub enum Unit {
        Celsius,
        Fahrenheit,
    }

    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _units = [model::Unit::Celsius, model::Unit::Fahrenheit];
}
