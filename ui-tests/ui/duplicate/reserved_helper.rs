// A helper has a name that the dataflow itself needs.
use millstream::prelude::*;

#[dataflow]
pub mod fleet {
    fn dataflow() -> Vec<f64> {
        vec![1.0]
    }

    #[node]
    pub fn total() -> f64 {
        dataflow().iter().sum()
    }
}

fn main() {
    let _total = fleet::total();
}
