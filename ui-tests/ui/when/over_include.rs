// A variant is missing in the included dataflow: said there, and not again where it is included.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[config]
    pub struct Config {
        pub quick: bool,
    }

    #[node]
    #[when(quick = true)]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn n_rows(rows: u32) -> u32 {
        rows
    }
}

fn main() {
    let _driver = features::driver(features::Config { quick: true }).build();
}
