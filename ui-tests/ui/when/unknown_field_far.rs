// The config has no field that is near to `station`.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(station = _)]
    pub fn mean() -> f64 {
        1.5
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
