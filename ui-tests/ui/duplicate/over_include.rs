// A node has the name of an included one, and does not say that it overrides it.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![1.0]
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![2.0]
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _temp_max: Vec<f64> = driver.execute::<features::temp_max>(()).unwrap().into_values();
}
