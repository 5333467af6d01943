// On a parameter.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    pub fn stored() -> f64 {
        2.0
    }

    #[node]
    pub fn live(#[fallback(stored)] stored: f64) -> f64 {
        stored
    }
}

fn main() {
    let _live = prices::live(1.0);
}
