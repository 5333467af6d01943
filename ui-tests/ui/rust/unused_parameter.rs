// A parameter that the body does not use is a warning of rustc's.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
        pub hours: u32,
    }

    #[node]
    pub fn total(days: u32, hours: u32) -> u32 {
        days
    }
}

fn main() {
    let _driver = weather::driver().build();
}
