// `#[sourc]` is meant to be `#[source]`.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(#[sourc(spend)] amount: f64) -> f64 {
        2.0 * amount
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0);
}
