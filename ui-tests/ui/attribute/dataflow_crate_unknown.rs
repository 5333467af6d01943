// The crate is not where the option says.
use millstream::prelude::*;

#[dataflow(crate = ::mill)]
pub mod marketing {
    #[node]
    pub fn spend() -> f64 {
        1.0
    }
}

fn main() {
    let _spend = marketing::spend();
}
