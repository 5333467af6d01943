// No entry at all.
use millstream::prelude::*;

#[dataflow(compile())]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}
