// Variants are selected by the config, before there are inputs.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[inputs]
    pub struct Inputs {
        pub fast: bool,
    }

    #[config]
    pub struct Config {
        pub version: u32,
    }

    #[node]
    #[when(fast = _)]
    pub fn mean(fast: bool) -> f64 {
        f64::from(u8::from(fast))
    }
}

fn main() {
    let _driver = model::driver(model::Config { version: 1 }).build();
}
