// The key of a tag stands without quotes.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[tag("owner" = "sales")]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
