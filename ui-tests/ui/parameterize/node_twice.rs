// A node stands twice in one attribute.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize(weekly = { days: value(7) }, weekly = { days: value(8) })]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
