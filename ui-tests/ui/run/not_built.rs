// A driver is built before it runs anything.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    pub fn mean() -> f64 {
        1.0
    }
}

fn main() {
    let _mean = model::driver().execute::<model::mean>(());
}
