// A mistake in a body, which is rustc's, and one in the graph.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn doubled(spned: f64) -> f64 {
        spned.to_string()
    }
}

fn main() {
    let _doubled = marketing::doubled(1.0);
}
