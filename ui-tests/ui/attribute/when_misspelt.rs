// `#[wehn]` is meant to be `#[when]`.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[wehn(fast = true)]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _mean = model::mean();
}
