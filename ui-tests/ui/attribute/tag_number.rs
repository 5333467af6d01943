// The value of a tag is a text.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[tag(priority = 3)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
