// No node has a tag `stages`.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    #[tag(stage = "final")]
    pub fn costs() -> f64 {
        3.0
    }

    #[node]
    pub fn total(#[group(tag(stages = "final"))] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _total = report::total(vec![&report::costs()]);
}
