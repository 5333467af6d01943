// Only a doc comment can stand before a node in the list.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize(
        #[tag(unit = "days")]
        weekly = { days: value(7) },
    )]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
