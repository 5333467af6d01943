// A list of references is a group, and nothing says of what.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    pub fn total(costs: Vec<&f64>) -> f64 {
        costs.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&1.0]);
}
