// Two functions make a node of one name, and no config chooses between them.
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
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let _doubled: f64 = driver.execute::<marketing::doubled>(()).unwrap().into_values();
}
