// A statement without its end.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> u32 {
        let weeks = 3
        weeks * 7
    }
}

fn main() {
    let _days = weather::days();
}
