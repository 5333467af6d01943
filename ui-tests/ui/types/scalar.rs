// A parameter borrows a scalar of another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub limit: f32,
    }

    #[node]
    pub fn doubled(limit: &f64) -> f64 {
        2.0 * limit
    }
}

fn main() {
    let _doubled = weather::doubled(&1.0);
}
