// Two parameters without a comma between them.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
        pub hours: u32,
    }

    #[node]
    pub fn total(days: u32 hours: u32) -> u32 {
        24 * days + hours
    }
}

fn main() {}
