// A slice holds no nodes.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[inputs]
    pub struct Inputs {
        pub costs: f64,
        pub taxes: f64,
    }

    #[node]
    pub fn total(#[group(costs, taxes)] all: &[f64]) -> f64 {
        all.iter().sum()
    }
}

fn main() {
    let _total = report::total(&[1.0]);
}
