// Nothing stands in.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    #[fallback]
    pub fn live() -> Result<f64, std::fmt::Error> {
        Ok(1.0)
    }
}

fn main() {
    let _live = prices::live();
}
