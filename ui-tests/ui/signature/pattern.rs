// A pattern names no dependency.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub range: (f64, f64),
    }

    #[node]
    pub fn width((low, high): (f64, f64)) -> f64 {
        high - low
    }
}

fn main() {
    let _width = weather::width((1.0, 2.0));
}
