// The same in a map.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    use std::collections::BTreeMap;

    #[node]
    pub fn costs() -> f64 {
        3.0
    }

    #[node]
    pub fn orders() -> u32 {
        4
    }

    #[node]
    pub fn total(#[group(costs, orders)] all: BTreeMap<&str, &f64>) -> f64 {
        all.into_values().sum()
    }
}

fn main() {
    let _sum = report::costs() + f64::from(report::orders());
}
