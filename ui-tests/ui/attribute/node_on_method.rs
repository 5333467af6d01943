// A method cannot be a node.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    pub struct Campaign;

    impl Campaign {
        #[millstream::node]
        pub fn spend() -> f64 {
            1.0
        }
    }

    #[node]
    pub fn doubled() -> f64 {
        2.0 * Campaign::spend()
    }
}

fn main() {
    let _doubled = marketing::doubled() + marketing::Campaign::spend();
}
