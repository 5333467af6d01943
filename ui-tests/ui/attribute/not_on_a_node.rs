// A tag on a function that is no node.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[tag(owner = "sales")]
    pub fn spend() -> f64 {
        1.0
    }

    #[node]
    pub fn doubled() -> f64 {
        2.0 * spend()
    }
}

fn main() {
    let _doubled = marketing::doubled() + marketing::spend();
}
