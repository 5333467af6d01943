// A source fits one node of a parameterized function, and the other's does not.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
        pub station: Vec<String>,
    }

    #[node]
    #[parameterize_sources(hottest = { series: temp_max }, furthest = { series: station })]
    pub fn largest(series: &[f64]) -> f64 {
        series.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let _largest = weather::largest(&[1.0]);
}
