// Two nodes are to stand in.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    #[fallback(stored)]
    #[fallback(value(3.0))]
    pub fn live() -> Result<f64, std::fmt::Error> {
        Ok(1.0)
    }

    #[node]
    pub fn stored() -> f64 {
        2.0
    }
}

fn main() {
    let _live = prices::live();
}
