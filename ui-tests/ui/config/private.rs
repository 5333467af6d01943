// A public dataflow cannot be configured by a private struct.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    struct Config {
        fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn mean__fast() -> f64 {
        1.0
    }

    #[node]
    #[when(fast = false)]
    pub fn mean__exact() -> f64 {
        1.5
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
