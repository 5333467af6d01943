// Two dataflows with a mistake in each.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn rows(fil: &str) -> usize {
        fil.len()
    }
}

#[dataflow]
pub mod clean {
    #[node]
    pub fn kept(kept: usize) -> usize {
        kept
    }
}

fn main() {
    let _sum = load::rows("a") + clean::kept(1);
}
