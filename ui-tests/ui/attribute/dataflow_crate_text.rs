// The path to the crate stands without quotes.
use millstream::prelude::*;

#[dataflow(crate = "millstream")]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
