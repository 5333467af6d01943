// Mistakes in the included dataflow and in the one that includes it.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        pub file: String,
    }

    #[node]
    pub fn rows(fil: &str) -> usize {
        fil.len()
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    #[tag(owner)]
    pub fn kept(rows: usize) -> usize {
        rows
    }
}

fn main() {
    let _sum = load::rows("a") + features::kept(1);
}
