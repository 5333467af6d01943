// Two entries of one name, and one node twice.
use millstream::prelude::*;

#[dataflow(compile(score = risk, score = risk, other = (risk, risk)))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::score();
}
