// The tuple has three elements, and two names are given.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[unpack_fields(train, test)]
    pub fn split() -> (Vec<f64>, Vec<f64>, u64) {
        (vec![1.0], vec![2.0], 42)
    }

    #[node]
    pub fn n_train(train: &[f64]) -> usize {
        train.len()
    }
}

fn main() {
    let _n_train = model::n_train(&model::split().0);
}
