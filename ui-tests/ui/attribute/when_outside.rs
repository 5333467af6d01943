// `#[when]` outside of any dataflow.
use millstream::prelude::*;

#[when(fast = true)]
pub fn mean() -> f64 {
    1.0
}

fn main() {
    let _mean = mean();
}
