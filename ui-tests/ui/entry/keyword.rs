// Not every word can be the name of a function.
use millstream::prelude::*;

#[dataflow(compile(self = risk))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}
