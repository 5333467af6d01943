// `#[inject(..)]` names a node that does not exist.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: Vec<f64>,
    }

    #[node]
    #[inject(amounts = source(spends))]
    pub fn total(amounts: &[f64]) -> f64 {
        amounts.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&[1.0]);
}
