// Inputs have names.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs(pub f64, pub f64);

    #[node]
    pub fn total() -> f64 {
        1.0
    }
}

fn main() {
    let _inputs = marketing::Inputs(1.0, 2.0);
    let _total = marketing::total();
}
