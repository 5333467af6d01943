// There are more integers than two.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub version: u32,
    }

    #[node]
    #[when(version = 1)]
    pub fn weight__first() -> f64 {
        0.5
    }

    #[node]
    #[when(version = 2)]
    pub fn weight__second() -> f64 {
        0.7
    }
}

fn main() {
    let _driver = model::driver(model::Config { version: 1 }).build();
}
