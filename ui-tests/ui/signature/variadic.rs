// A node is not variadic.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub unsafe extern "C" fn total(first: f64, ...) -> f64 {
        first
    }
}

fn main() {}
