// Two included dataflows have a config field of one name and different types.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[config]
    pub struct Config {
        pub quick: bool,
    }

    #[node]
    #[when(quick = true)]
    pub fn rows__few() -> u32 {
        1
    }

    #[node]
    #[when(quick = false)]
    pub fn rows__all() -> u32 {
        9
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[config]
    pub struct Config {
        pub quick: u8,
    }

    #[node]
    #[when(quick = 0)]
    pub fn depth__full(rows: u32) -> u32 {
        rows
    }

    #[node]
    #[when(quick = _)]
    pub fn depth__low(rows: u32) -> u32 {
        rows / 2
    }
}

fn main() {
    let _driver = features::driver(features::Config { quick: 1 }).build();
}
