// The cycle goes through one node of a parameterized function.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize_sources(smooth = { series: temp_max }, smoother = { series: smoothest })]
    pub fn rolling(series: &[f64]) -> Vec<f64> {
        series.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect()
    }

    #[node]
    pub fn smoothest(smoother: &[f64]) -> Vec<f64> {
        smoother.to_vec()
    }
}

fn main() {
    let _smoothest = weather::smoothest(&weather::rolling(&[1.0, 2.0]));
}
