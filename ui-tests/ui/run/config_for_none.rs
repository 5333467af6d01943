// The dataflow has no config.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let driver = model::driver(true).build().unwrap();
    let _mean: f64 = driver.execute::<model::mean>(()).unwrap().into_values();
}
