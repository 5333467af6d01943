// `#[dataflow]` instead of `#[node]`.
use millstream::prelude::*;

#[dataflow]
pub fn spend() -> f64 {
    1.0
}

fn main() {
    let _spend = spend();
}
