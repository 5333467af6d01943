// A node outside of a dataflow has nothing to override.
use millstream::prelude::*;

#[node(overrides)]
pub fn spend() -> f64 {
    1.0
}

fn main() {
    let _spend = spend();
}
