// A function with `#[parameterize]` makes the nodes that are listed there, and none of its own name.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[parameterize_values(days, weekly = 7, monthly = 30)]
    pub fn rolling(temp_max: &[f64], days: usize) -> Vec<f64> {
        temp_max.windows(days).map(|window| window.iter().sum()).collect()
    }

    #[node]
    pub fn last(rolling: &[f64]) -> Option<f64> {
        rolling.last().copied()
    }
}

fn main() {
    let _last = weather::last(&weather::rolling(&[2.0], 7));
}
