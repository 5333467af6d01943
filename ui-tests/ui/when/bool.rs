// A variant for `false` is missing.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
