// A time limit of nothing.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node(timeout = "0s")]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
