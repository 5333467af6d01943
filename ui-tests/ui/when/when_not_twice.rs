// Two variants of a node are for "everything else".
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub version: u32,
    }

    #[node]
    #[when_not(version = 1)]
    pub fn weight__first() -> f64 {
        0.5
    }

    #[node]
    #[when_not(version = 2)]
    pub fn weight__second() -> f64 {
        0.7
    }
}

fn main() {
    let _driver = model::driver(model::Config { version: 1 }).build();
}
