// An input without its type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days,
    }

    #[node]
    pub fn weeks() -> u32 {
        7
    }
}

fn main() {
    let _weeks = weather::weeks();
}
