// A node is not variadic.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub first: f64,
    }

    #[node]
    pub fn total(first: f64, rest: ...) -> f64 {
        first
    }
}

fn main() {}
