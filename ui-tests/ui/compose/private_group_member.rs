// A group by tag takes in a node that is private to its dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    #[tag(stage = "raw")]
    fn raw_rows() -> u32 {
        1
    }

    #[node]
    pub fn rows(raw_rows: u32) -> u32 {
        raw_rows
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn total(#[group(tag(stage = "raw"))] all: Vec<&u32>) -> u32 {
        all.into_iter().sum()
    }
}

fn main() {
    let _driver = features::driver().build();
}
