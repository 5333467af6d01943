// A node outside of a dataflow has no config.
use millstream::prelude::*;

#[node]
#[when(fast = true)]
pub fn mean() -> f64 {
    1.0
}

fn main() {
    let _mean = mean();
}
