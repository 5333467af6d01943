// A function needs what is a part of its own value.
use millstream::prelude::*;

#[dataflow]
pub mod split {
    #[node]
    #[unpack_fields(train, test)]
    pub fn both(train: &[f64]) -> (Vec<f64>, Vec<f64>) {
        (train.to_vec(), Vec::new())
    }
}

fn main() {
    let _both = split::both(&[1.0]);
}
