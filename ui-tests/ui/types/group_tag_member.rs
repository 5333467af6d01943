// One of the nodes with a tag has another type than the others.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[node]
    #[tag(stage = "final")]
    pub fn costs() -> f64 {
        3.0
    }

    #[node]
    #[tag(stage = "final")]
    pub fn title() -> String {
        "costs".to_owned()
    }

    #[node]
    pub fn total(#[group(tag(stage = "final"))] all: Vec<&f64>) -> f64 {
        all.into_iter().sum()
    }
}

fn main() {
    let _title = report::title();
}
