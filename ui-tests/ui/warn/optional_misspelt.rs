// An optional parameter has nearly the name of an input.
#![deny(warnings)]

use millstream::prelude::*;

#[dataflow]
pub mod order {
    #[inputs]
    pub struct Inputs {
        pub net: f64,
        pub discount: Option<f64>,
    }

    #[node]
    pub fn gross(net: f64, discuont: Option<f64>, discount: Option<&f64>) -> f64 {
        net - discuont.unwrap_or(0.0) - discount.unwrap_or(&0.0)
    }
}

fn main() {}
