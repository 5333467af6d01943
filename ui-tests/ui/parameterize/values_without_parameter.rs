// `#[parameterize_values]` does not say which parameter it is about.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(weekly = 7, monthly = 30)]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
