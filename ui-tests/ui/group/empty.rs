// A group without members.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    pub fn total(#[group()] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&1.0]);
}
