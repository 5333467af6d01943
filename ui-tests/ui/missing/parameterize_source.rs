// One of the nodes in `#[parameterize]` is fed by a node that does not exist.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
        pub temp_min: Vec<f64>,
    }

    #[node]
    #[parameterize(
        mean_max = { series: source(temp_max) },
        mean_min = { series: source(tmp_min) },
    )]
    pub fn mean(series: &[f64]) -> f64 {
        series.iter().sum::<f64>() / series.len() as f64
    }

    #[node]
    pub fn spread(mean_max: f64, mean_min: f64) -> f64 {
        mean_max - mean_min
    }
}

fn main() {
    let _spread = weather::spread(weather::mean(&[2.0]), 1.0);
}
