// Nothing is included at all.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[node(overrides)]
    pub fn rows() -> u32 {
        2
    }
}

fn main() {
    let _driver = features::driver().build();
}
