// A parameter without its type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn weeks(days) -> u32 {
        days / 7
    }
}

fn main() {}
