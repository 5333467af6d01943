// An arrow that leads nowhere.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> {
        7
    }
}

fn main() {
    let _days = weather::days();
}
