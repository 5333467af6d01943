// A node is a function, not a method.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend(&self) -> f64 {
        1.0
    }
}

fn main() {}
