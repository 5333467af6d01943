// Nor all of them.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[cfg(unix)]
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn total(days: u32) -> u32 {
        days
    }
}

fn main() {
    let _inputs = weather::Inputs { days: 1 };
}
