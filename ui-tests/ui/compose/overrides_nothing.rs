// No included dataflow has a node of that name.
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
    #[include]
    use super::load;

    #[node(overrides)]
    pub fn row() -> u32 {
        2
    }
}

fn main() {
    let _driver = features::driver().build();
}
