// What is marked as fallible returns no `Result`.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node(fallible)]
    pub fn rows() -> Vec<f64> {
        vec![1.0]
    }
}

fn main() {
    let _rows = load::rows();
}
