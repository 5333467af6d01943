// An attribute that nobody knows is rustc's to refuse.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[sparkling]
    pub fn days() -> usize {
        7
    }
}

fn main() {
    let _days = weather::days();
}
