// An entry has the name of a function.
use millstream::prelude::*;

#[dataflow(compile(score = risk))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }

    pub fn score() -> f64 {
        0.5
    }
}

fn main() {
    let _score = scoring::score();
}
