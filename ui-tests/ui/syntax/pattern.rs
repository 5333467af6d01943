// The pattern of a condition does not parse.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub version: u32,
    }

    #[node]
    #[when(version = 1..=)]
    pub fn weight__old() -> f64 {
        0.5
    }

    #[node]
    #[when(version = _)]
    pub fn weight__new() -> f64 {
        0.7
    }
}

fn main() {
    let _driver = model::driver(model::Config { version: 1 }).build();
}
