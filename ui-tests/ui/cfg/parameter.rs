// Nor a parameter.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
        pub hours: u32,
    }

    #[node]
    pub fn total(days: u32, #[cfg(unix)] hours: u32) -> u32 {
        days + hours
    }
}

fn main() {
    let _total = weather::total(1, 2);
}
