// `#[node]` instead of `#[dataflow]`.
use millstream::prelude::*;

#[node]
pub mod marketing {
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
