// A condition without a pattern.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast)]
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
