// Code versions are to come.
use millstream::prelude::*;

#[dataflow(depends_on(crate::risk))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _risk = scoring::risk();
}
