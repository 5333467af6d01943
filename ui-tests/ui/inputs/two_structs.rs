// All inputs stand in one struct.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[inputs]
    pub struct MoreInputs {
        pub signups: f64,
    }

    #[node]
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let _inputs = marketing::Inputs { spend: 1.0 };
    let _more = marketing::MoreInputs { signups: 1.0 };
}
