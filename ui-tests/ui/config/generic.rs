// A config has one type.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config<T> {
        pub fast: T,
    }

    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _config = model::Config { fast: true };
}
