// Nodes that await are to come.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub async fn days() -> u32 {
        7
    }

    #[node]
    pub fn weeks(days: u32) -> u32 {
        days / 7
    }
}

fn main() {
    let _days = weather::days();
}
