// `spend` is a function of the module, but no node.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    pub fn spend() -> Vec<f64> {
        vec![10.0, 20.0]
    }

    #[node]
    pub fn total(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&marketing::spend());
}
