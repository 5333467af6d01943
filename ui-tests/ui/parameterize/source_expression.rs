// A source is the name of a node, not an expression.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize(hottest = { series: source(&temp_max[1..]) })]
    pub fn largest(series: &[f64]) -> f64 {
        series.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let _largest = weather::largest(&[1.0]);
}
