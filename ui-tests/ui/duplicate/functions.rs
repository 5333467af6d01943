// Two nodes are written with one name.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }

    #[node]
    pub fn spend() -> f64 {
        2.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
