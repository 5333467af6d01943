// A version is a number.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(version = "1.0")]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
