// A node that answers for an included input and is of another type is reported once.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[inputs]
    pub struct Inputs {
        pub spend: Vec<f64>,
    }

    #[node]
    pub fn total(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }

    #[node]
    pub fn taken(spend: Vec<f64>) -> usize {
        spend.len()
    }
}

#[dataflow(compile(score = (total, taken)))]
pub mod scoring {
    #[include]
    use super::features;

    #[node]
    pub fn spend() -> Vec<i64> {
        vec![1]
    }
}

fn main() {
    let _total: f64 = scoring::score().total;
}
