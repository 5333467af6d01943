// A node needs what neither its own dataflow nor the included one has.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![1.0, 2.0]
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn warmest(temp_maxs: &[f64]) -> f64 {
        temp_maxs.iter().copied().fold(f64::MIN, f64::max)
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _warmest: f64 = driver.execute::<features::warmest>(()).unwrap().into_values();
}
