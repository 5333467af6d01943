// What stands in for many is misspelt: one mistake.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    #[parameterize(double = { by: value(2.0) }, triple = { by: value(3.0) })]
    #[fallback(stred)]
    pub fn times(stored: f64, by: f64) -> f64 {
        stored * by
    }

    #[node]
    pub fn stored() -> f64 {
        2.0
    }
}

fn main() {
    let _times = prices::times(1.0, 2.0);
}
