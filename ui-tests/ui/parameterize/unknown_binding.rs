// `source` is misspelt.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize(hottest = { series: sorce(temp_max) })]
    pub fn largest(series: &[f64]) -> f64 {
        series.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let _largest = weather::largest(&[1.0]);
}
