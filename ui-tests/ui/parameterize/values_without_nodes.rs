// `#[parameterize_values]` without nodes.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(days)]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
