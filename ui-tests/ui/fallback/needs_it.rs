// What stands in needs what it stands in for.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    #[fallback(stored)]
    pub fn live() -> Result<f64, std::fmt::Error> {
        Ok(1.0)
    }

    #[node]
    pub fn stored(rounded: f64) -> f64 {
        rounded
    }

    #[node]
    pub fn rounded(live: f64) -> f64 {
        live.round()
    }
}

fn main() {
    let _live = prices::live();
}
