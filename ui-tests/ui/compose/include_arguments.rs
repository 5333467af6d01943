// `#[include]` takes no arguments.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod features {
    #[include(rows)]
    use super::load;

    #[node]
    pub fn doubled(rows: u32) -> u32 {
        2 * rows
    }
}

fn main() {
    let _driver = features::driver().build();
}
