// `impl Trait` is generic.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn length(series: impl Iterator<Item = f64>) -> usize {
        series.count()
    }
}

fn main() {
    let _length = weather::length([1.0].into_iter());
}
