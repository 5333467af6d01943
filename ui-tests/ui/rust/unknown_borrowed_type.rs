// The same behind a reference.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: Vec<u32>,
    }

    #[node]
    pub fn weeks(days: &[Days]) -> usize {
        days.len() / 7
    }
}

fn main() {}
