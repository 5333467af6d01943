// A node overrides another one of its own module, which only a node of an included dataflow can be.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn mean() -> f64 {
        1.0
    }

    #[node(name = "mean", overrides)]
    pub fn other_mean() -> f64 {
        2.0
    }
}

fn main() {}
