// A node is a function with a body.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> u32;
}

fn main() {
    let _days = weather::days();
}
