// Nor an input.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
        #[cfg(unix)]
        pub hours: u32,
    }

    #[node]
    pub fn total(days: u32, hours: u32) -> u32 {
        days + hours
    }
}

fn main() {
    let _inputs = weather::Inputs { days: 1, hours: 2 };
}
