// A node does not change what others see.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn sorted(series: &mut Vec<f64>) -> Vec<f64> {
        series.sort_by(f64::total_cmp);
        series.clone()
    }
}

fn main() {
    let _sorted = weather::sorted(&mut vec![2.0, 1.0]);
}
