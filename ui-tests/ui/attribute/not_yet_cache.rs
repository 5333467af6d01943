// The cache is to come.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[cache]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
