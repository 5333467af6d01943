// `#[node]` stands twice.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[node]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
