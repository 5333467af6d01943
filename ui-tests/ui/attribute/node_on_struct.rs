// A struct cannot be a node.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub struct Campaign {
        pub spend: f64,
    }

    #[node]
    pub fn campaign() -> Campaign {
        Campaign { spend: 1.0 }
    }
}

fn main() {
    let _spend = marketing::campaign().spend;
}
