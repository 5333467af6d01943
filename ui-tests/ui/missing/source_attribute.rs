// `#[source(..)]` on a parameter names a node that does not exist.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: Vec<f64>,
    }

    #[node]
    pub fn total(#[source(spends)] amounts: &[f64]) -> f64 {
        amounts.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&[1.0]);
}
