// An input that may be left out is taken as if it were always there.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub limit: Option<f64>,
    }

    #[node]
    pub fn doubled(limit: f64) -> f64 {
        2.0 * limit
    }
}

fn main() {
    let _doubled = weather::doubled(1.0);
}
