// A parameter is fed by a node or by a constant.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(#[source(spend)] #[value(3.0)] amount: f64) -> f64 {
        2.0 * amount
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0);
}
