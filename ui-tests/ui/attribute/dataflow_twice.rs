// `#[dataflow]` stands twice.
use millstream::prelude::*;

#[dataflow]
#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
