// The options stand in parentheses.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node = "total"]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
