// A value is one expression.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize(weekly = { days: value(7, 8) })]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
