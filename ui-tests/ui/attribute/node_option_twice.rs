// An option stands twice.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(version = 1, version = 2)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
