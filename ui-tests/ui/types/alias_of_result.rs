// An alias of `Result` whose name does not say so.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    type Checked<T> = Result<T, String>;

    #[node]
    pub fn spend() -> Checked<Vec<f64>> {
        Ok(vec![10.0])
    }

    #[node]
    pub fn total(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }
}

fn main() {
    let _total = marketing::total(&[1.0]);
}
