// Inputs are a struct.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub enum Inputs {
        Spend(f64),
    }

    #[node]
    pub fn doubled() -> f64 {
        2.0
    }
}

fn main() {
    let _inputs = marketing::Inputs::Spend(1.0);
}
