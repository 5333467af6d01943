// There is no such option.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node(retry = 3)]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
