// A constant cannot be a node.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub const SPEND: f64 = 1.0;

    #[node]
    pub fn doubled() -> f64 {
        2.0 * SPEND
    }
}

fn main() {
    let _doubled = marketing::doubled() + marketing::SPEND;
}
