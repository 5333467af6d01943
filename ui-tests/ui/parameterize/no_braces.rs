// A node without its braces.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize(weekly = value(7))]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
