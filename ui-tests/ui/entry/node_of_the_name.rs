// An entry has the name of a node.
use millstream::prelude::*;

#[dataflow(compile(risk = risk))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}
