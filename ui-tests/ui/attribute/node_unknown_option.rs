// The option is misspelt.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(versoin = 2)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
