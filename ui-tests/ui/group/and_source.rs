// A parameter is fed by a group or by one node.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[inputs]
    pub struct Inputs {
        pub costs: f64,
    }

    #[node]
    pub fn total(
        #[group(costs)]
        #[source(costs)]
        all: Vec<&f64>,
    ) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&1.0]);
}
