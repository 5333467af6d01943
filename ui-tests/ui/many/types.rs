// Two parameters that do not fit, in two nodes.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[node]
    pub fn spend() -> Vec<i32> {
        vec![1]
    }

    #[node]
    pub fn total(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }

    #[node]
    pub fn half(total: f32) -> f32 {
        total / 2.0
    }
}

fn main() {
    let driver = marketing::driver().build().unwrap();
    let _half: f32 = driver.execute::<marketing::half>(()).unwrap().into_values();
}
