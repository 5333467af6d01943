// `#[parameterize_sources]` takes names of nodes only.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_sources(weekly = { days: 7 })]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
