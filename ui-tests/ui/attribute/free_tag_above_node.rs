// Outside of a dataflow, the attributes of a node stand below `#[node]`.
use millstream::prelude::*;

#[tag(owner = "sales")]
#[node]
pub fn spend() -> f64 {
    1.0
}

fn main() {
    let _spend = spend();
}
