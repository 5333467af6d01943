// Nothing keeps alive what a node returns a reference to.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn tail(series: &[f64]) -> &[f64] {
        &series[1..]
    }

    #[node]
    pub fn n_tail(tail: &[f64]) -> usize {
        tail.len()
    }
}

fn main() {
    let _tail = weather::n_tail(weather::tail(&[1.0]));
}
