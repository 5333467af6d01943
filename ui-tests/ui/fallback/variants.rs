// Variants with different fallbacks.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node]
    pub fn stored() -> f64 {
        2.0
    }

    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[inputs]
    pub struct Inputs {
        pub usual: f64,
    }

    #[node]
    #[when(fast = true)]
    #[fallback(stored)]
    pub fn live__fast() -> f64 {
        1.0
    }

    #[node]
    #[when(fast = false)]
    #[fallback(usual)]
    pub fn live__exact() -> f64 {
        1.0
    }
}

fn main() {
    let _live = (prices::live__fast(), prices::live__exact());
}
