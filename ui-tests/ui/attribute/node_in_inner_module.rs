// A node in a module within the dataflow is no node of the dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    pub mod online {
        #[node]
        pub fn clicks() -> f64 {
            1.0
        }
    }

    #[node]
    pub fn doubled() -> f64 {
        2.0 * online::clicks()
    }
}

fn main() {
    let _doubled = marketing::doubled() + marketing::online::clicks();
}
