// Members are named without quotes.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[inputs]
    pub struct Inputs {
        pub costs: f64,
    }

    #[node]
    pub fn total(#[group("costs")] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&1.0]);
}
