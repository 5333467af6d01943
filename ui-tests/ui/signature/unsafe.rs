// Nobody checks the conditions of an `unsafe` node.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub unsafe fn days() -> u32 {
        7
    }
}

fn main() {
    let _days = unsafe { weather::days() };
}
