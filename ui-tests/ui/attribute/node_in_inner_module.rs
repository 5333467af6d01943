// A module within the dataflow is not read, and `node` is not imported there, as rustc says.
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
