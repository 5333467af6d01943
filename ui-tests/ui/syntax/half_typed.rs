// A node that is still being typed.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> u32 {
        7
    }

    #[node]
    pub fn weeks(days: u32)
}

fn main() {
    let _days = weather::days();
}
