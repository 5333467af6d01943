// `overrides` takes no value.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(fallible = true)]
    pub fn spend() -> Result<f64, String> {
        Ok(1.0)
    }
}

fn main() {
    let _spend = marketing::spend();
}
