// One member of a group has another type than the others.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    pub fn costs() -> f64 {
        3.0
    }

    #[node]
    pub fn orders() -> u32 {
        4
    }

    #[node]
    pub fn total(#[group(costs, orders)] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&report::costs(), &f64::from(report::orders())]);
}
