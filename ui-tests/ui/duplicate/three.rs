// Three nodes have one name.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend__online() -> f64 {
        1.0
    }

    #[node]
    pub fn spend__offline() -> f64 {
        2.0
    }

    #[node]
    pub fn spend__unknown() -> f64 {
        3.0
    }
}

fn main() {
    let _spend = marketing::spend__online();
}
