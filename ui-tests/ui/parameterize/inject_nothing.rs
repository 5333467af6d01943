// `#[inject]` does not say what feeds the parameter.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[inject(days)]
    pub fn rolling(days: usize) -> usize {
        days
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
