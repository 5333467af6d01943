// The module has a type that the entry would add.
use millstream::prelude::*;

#[dataflow(compile(score = (risk,)))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }

    pub struct ScoreOutputs;
}

fn main() {
    let _ = scoring::ScoreOutputs;
}
