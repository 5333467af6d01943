// `#[defualt]` is meant to be `#[default]`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        #[defualt(7)]
        pub window: usize,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
