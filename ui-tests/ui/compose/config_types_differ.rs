// Two included dataflows have a config field of one name and of two types.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[config]
    pub struct Config {
        pub quick: bool,
    }

    #[node]
    #[when(quick = true)]
    pub fn rows__quick() -> u32 {
        1
    }

    #[node]
    #[when(quick = false)]
    pub fn rows__slow() -> u32 {
        2
    }
}

#[dataflow]
pub mod features {
    #[config]
    pub struct Config {
        pub quick: u8,
    }

    #[node]
    #[when(quick = 0)]
    pub fn mean__zero() -> f64 {
        0.0
    }

    #[node]
    #[when(quick = _)]
    pub fn mean__other() -> f64 {
        1.0
    }
}

#[dataflow]
pub mod report {
    #[include]
    use super::load;
    #[include]
    use super::features;
}

fn main() {}
