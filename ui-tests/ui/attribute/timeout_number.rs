// A time limit without a unit.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node(timeout = 500)]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
