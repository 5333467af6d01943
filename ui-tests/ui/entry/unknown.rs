// What the entry yields is misspelt.
use millstream::prelude::*;

#[dataflow(compile(score = (rsik, risk)))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _both: scoring::ScoreOutputs = scoring::score();
}
