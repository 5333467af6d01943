// A type that does not exist is said once, by rustc.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: Window,
    }

    #[node]
    pub fn days(window: &Window) -> usize {
        window.days
    }
}

fn main() {}
