// A node is a member of its own group.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[inputs]
    pub struct Inputs {
        pub costs: f64,
    }

    #[node]
    pub fn total(#[group(costs, total)] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&1.0]);
}
