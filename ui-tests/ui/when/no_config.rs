// The dataflow has no config that could select a variant.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[when(fast = true)]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _mean = model::mean();
}
