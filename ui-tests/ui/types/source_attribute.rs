// The node named by `#[source(..)]` yields another type.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: Vec<f64>,
    }

    #[node]
    pub fn total(#[source(spend)] amounts: &[u64]) -> u64 {
        amounts.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&[1]);
}
