// The name of a node stands in quotes.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(name = total)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
