// A type that does not fit is reported once, by the node.
use millstream::prelude::*;

#[dataflow(compile(score = total))]
pub mod scoring {
    pub type Money = Vec<i64>;

    #[node]
    pub fn spend() -> Vec<f64> {
        vec![1.0]
    }

    #[node]
    pub fn total(spend: &Money) -> i64 {
        spend.iter().sum()
    }
}

fn main() {
    let _total: i64 = scoring::score();
}
