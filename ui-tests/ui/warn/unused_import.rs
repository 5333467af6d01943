// An import that nothing uses is still rustc's to warn of.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    use std::path::PathBuf;

    #[node]
    pub fn days() -> usize {
        7
    }
}

fn main() {
    let _days = weather::days();
}
