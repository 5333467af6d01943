// Something that is no item.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    days

    #[node]
    pub fn days() -> u32 {
        7
    }
}

fn main() {
    let _days = weather::days();
}
