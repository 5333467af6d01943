// A parameter is bound by its own attribute and by `#[inject]`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: usize,
    }

    #[node]
    #[inject(days = value(7))]
    pub fn rolling(#[source(window)] days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
