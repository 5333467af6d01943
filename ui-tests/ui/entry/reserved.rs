// The expansion has a function of this name.
use millstream::prelude::*;

#[dataflow(compile(driver = risk))]
pub mod scoring {
    #[node]
    pub fn risk() -> f64 {
        0.5
    }
}

fn main() {
    let _driver = scoring::driver();
}
