// The same for a map.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    use std::collections::BTreeMap;

    #[node]
    pub fn total(costs: BTreeMap<&str, &f64>) -> f64 {
        costs.into_values().sum()
    }
}

fn main() {
    let _total = report::total([("rent", &1.0)].into());
}
