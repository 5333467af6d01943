// A node outside of a dataflow does not see the tags of others.
use millstream::prelude::*;

#[node]
pub fn total(#[group(tag(stage = "final"))] all: Vec<&f64>) -> f64 {
    all.into_iter().sum()
}

fn main() {
    let _total = total(vec![&1.0]);
}
