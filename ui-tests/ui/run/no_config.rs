// The dataflow is not told which variants are meant.
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
    #[when(fast = false)]
    pub fn mean__exact() -> f64 {
        1.5
    }
}

fn main() {
    let driver = model::driver().build().unwrap();
    let _mean: f64 = driver.execute::<model::mean>(()).unwrap().into_values();
}
