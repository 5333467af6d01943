// Behind an alias is another type.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    type Money = Vec<i64>;

    #[node]
    pub fn spend() -> Vec<f64> {
        vec![10.0]
    }

    #[node]
    pub fn total(spend: &Money) -> i64 {
        spend.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&vec![1]);
}
