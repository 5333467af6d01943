// Nothing stands for what `#[when_not]` leaves.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when_not(fast = true)]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
