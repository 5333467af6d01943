// The default of an input has another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        #[default("seven")]
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
