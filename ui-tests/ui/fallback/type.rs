//! What stands in for a node yields another type.

use millstream::prelude::*;

#[dataflow]
mod prices {
    #[node]
    #[fallback(stored)]
    pub fn live() -> Result<f64, String> {
        Err("closed".to_owned())
    }

    #[node]
    pub fn stored() -> String {
        String::new()
    }
}

fn main() {}
