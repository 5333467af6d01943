// Keys of this name are not for users.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    #[tag(millstream.color = "red")]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
