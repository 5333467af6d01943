// An input passes between threads as any other value.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    use std::rc::Rc;

    #[inputs]
    pub struct Inputs {
        pub weights: Rc<f64>,
    }

    #[node]
    pub fn doubled(weights: &f64) -> f64 {
        2.0 * weights
    }
}

fn main() {
    let _doubled = model::doubled(&1.0);
}
