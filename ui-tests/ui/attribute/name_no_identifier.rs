// Nothing can depend on a node of this name.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(name = "total spend")]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
