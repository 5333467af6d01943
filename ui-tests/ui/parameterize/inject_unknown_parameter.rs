// `#[inject]` binds a parameter that the function does not have.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: usize,
    }

    #[node]
    #[inject(dys = value(7))]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
