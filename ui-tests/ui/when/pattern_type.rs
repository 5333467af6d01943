// The pattern has another type than the field, which rustc says itself.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = "yes")]
    pub fn mean__fast() -> f64 {
        1.0
    }

    #[node]
    #[when(fast = _)]
    pub fn mean__exact() -> f64 {
        1.5
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
