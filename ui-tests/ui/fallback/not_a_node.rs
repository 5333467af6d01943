// On a function that is no node.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    pub fn stored() -> f64 {
        2.0
    }

    #[fallback(stored)]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
