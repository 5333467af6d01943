// A parameter borrows another type than its node yields.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend() -> Vec<i32> {
        vec![10, 20]
    }

    #[node]
    pub fn roas(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let _roas: f64 = driver.execute::<marketing::roas>(()).unwrap().into_values();
}
