// A tag has a value.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[tag(final_stage)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
