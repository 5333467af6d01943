// `#[when]` belongs on a node.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    #[when(fast = true)]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
