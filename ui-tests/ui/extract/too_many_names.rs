// The tuple has two elements, and three names are given.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[unpack_fields(train, test, seed)]
    pub fn split() -> (Vec<f64>, Vec<f64>) {
        (vec![1.0], vec![2.0])
    }

    #[node]
    pub fn doubled(seed: u64) -> u64 {
        2 * seed
    }
}

fn main() {
    let _split = model::split();
}
