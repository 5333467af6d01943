// An input and a node have one name.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn spend() -> f64 {
        1.0
    }

    #[node]
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let inputs = marketing::Inputs { spend: 1.0 };
    let _doubled: f64 = driver.execute::<marketing::doubled>(inputs).unwrap().into_values();
}
