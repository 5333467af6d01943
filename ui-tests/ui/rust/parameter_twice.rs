// Two parameters have one name.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn total(days: u32, days: u32) -> u32 {
        days
    }
}

fn main() {
    let _total = weather::total(1, 2);
}
