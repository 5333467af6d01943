// A default stands twice.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        #[default(7)]
        #[default(30)]
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
