// Names of nodes are case sensitive.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize_sources(hottest = { series: Temp_Max })]
    pub fn largest(series: &[f64]) -> f64 {
        series.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let _largest = weather::largest(&[1.0]);
}
