// The option is misspelt.
use millstream::prelude::*;

#[dataflow(exprot)]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
