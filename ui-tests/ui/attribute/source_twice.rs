// A parameter is fed once.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
        pub costs: f64,
    }

    #[node]
    pub fn sum(#[source(spend)] #[source(costs)] amount: f64, spend: f64, costs: f64) -> f64 {
        amount + spend + costs
    }
}

fn main() {
    let _sum = marketing::sum(1.0, 2.0, 3.0);
}
