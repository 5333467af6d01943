// One function of a node has a condition, the other has none.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn mean__fast() -> f64 {
        1.0
    }

    #[node]
    pub fn mean__exact() -> f64 {
        1.5
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
