// The variants of a node have different types.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn mean__fast() -> f32 {
        1.0
    }

    #[node]
    #[when(fast = false)]
    pub fn mean__exact() -> f64 {
        1.5
    }

    #[node]
    pub fn doubled(mean: f32) -> f32 {
        2.0 * mean
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
