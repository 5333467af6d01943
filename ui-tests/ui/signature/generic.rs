// A node has one type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn length<T: Copy>(series: &[T]) -> usize {
        series.len()
    }
}

fn main() {
    let _length = weather::length(&[1.0]);
}
