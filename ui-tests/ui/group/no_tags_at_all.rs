// A group by tag where no node has any.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    pub fn costs() -> f64 {
        3.0
    }

    #[node]
    pub fn total(#[group(tag(stage))] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&report::costs()]);
}
