// Two nodes stand in for each other.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    #[fallback(stored)]
    pub fn live() -> Result<f64, std::fmt::Error> {
        Ok(1.0)
    }

    #[node]
    #[fallback(live)]
    pub fn stored() -> f64 {
        2.0
    }
}

fn main() {
    let _live = prices::live();
}
