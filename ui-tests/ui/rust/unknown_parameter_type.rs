// A type that does not exist is said once.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn weeks(days: Days) -> u32 {
        days / 7
    }
}

fn main() {}
