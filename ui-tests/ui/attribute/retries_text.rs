// The number of retries is a number.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node(retries = "3")]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
