// There is one config.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[config]
    pub struct Options {
        pub exact: bool,
    }

    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
    let _options = model::Options { exact: true };
}
