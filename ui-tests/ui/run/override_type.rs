// A node is overridden by a value of another type.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    pub fn mean() -> f64 {
        1.0
    }

    #[node]
    pub fn doubled(mean: f64) -> f64 {
        2.0 * mean
    }
}

fn main() {
    let driver = model::driver().build().unwrap();
    let _doubled = driver.override_value::<model::mean>("three").execute::<model::doubled>(());
}
