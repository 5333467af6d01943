// `#[tag]` belongs on a function.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(#[tag(unit = "EUR")] spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0);
}
