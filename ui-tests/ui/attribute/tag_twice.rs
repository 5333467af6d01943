// A key stands twice.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[tag(owner = "sales")]
    #[tag(owner = "finance")]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
