// An entry of nothing.
use millstream::prelude::*;

#[dataflow(compile(score = (), other))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}
