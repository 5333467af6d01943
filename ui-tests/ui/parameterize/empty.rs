// No node is listed.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize()]
    pub fn rolling() -> usize {
        7
    }
}

fn main() {
    let _rolling = weather::rolling();
}
