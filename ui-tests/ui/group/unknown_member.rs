// A member of the group does not exist.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[inputs]
    pub struct Inputs {
        pub costs: f64,
        pub taxes: f64,
    }

    #[node]
    pub fn total(#[group(costs, texes)] all: Vec<&f64>, taxes: f64) -> f64 {
        all.into_iter().sum::<f64>() + taxes
    }
}

fn main() {
    let _total = report::total(vec![&1.0], 2.0);
}
