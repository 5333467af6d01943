// A default is an expression.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        #[default()]
        pub window: usize,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let _inputs = weather::Inputs { window: 7 };
}
