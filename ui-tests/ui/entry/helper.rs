// A function that is no node cannot be asked for.
use millstream::prelude::*;

#[dataflow(compile(score = half))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }

    pub fn half() -> f64 {
        0.5
    }
}

fn main() {
    let _half = scoring::half();
}
