// A private config makes a private driver, as rustc says.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    struct Config {
        fast: bool,
    }

    #[node]
    #[when(fast = true)]
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
    let _driver = model::driver;
}
