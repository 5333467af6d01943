// Nor inside of another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn first(series: &[f64]) -> Option<&f64> {
        series.first()
    }
}

fn main() {
    let _first = weather::first(&[1.0]);
}
