// The name stands in parentheses.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(#[source = "spend"] amount: f64, spend: f64) -> f64 {
        2.0 * amount + spend
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0, 2.0);
}
