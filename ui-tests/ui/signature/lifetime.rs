// The graph has no lifetime to give.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn length<'a>(series: &'a [f64]) -> usize {
        series.len()
    }
}

fn main() {
    let _length = weather::length(&[1.0]);
}
