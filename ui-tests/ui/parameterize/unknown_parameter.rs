// The function has no parameter `serie`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize(hottest = { serie: source(temp_max) })]
    pub fn largest(series: &[f64]) -> f64 {
        series.iter().copied().fold(f64::MIN, f64::max)
    }

    #[node]
    pub fn hot(hottest: f64) -> bool {
        hottest > 30.0
    }
}

fn main() {
    let _hot = weather::hot(weather::largest(&[1.0]));
}
