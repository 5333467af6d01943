// A parameter by value is mutable only where it says so.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn sorted(series: Vec<f64>) -> Vec<f64> {
        series.sort_by(f64::total_cmp);
        series
    }
}

fn main() {
    let _sorted = weather::sorted(vec![2.0, 1.0]);
}
