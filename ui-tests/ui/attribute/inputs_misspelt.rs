// `#[input]` is meant to be `#[inputs]`.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[input]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0);
}
