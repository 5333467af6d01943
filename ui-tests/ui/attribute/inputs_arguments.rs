// `#[inputs]` takes no arguments.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs(strict)]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let _inputs = marketing::Inputs { spend: 1.0 };
}
