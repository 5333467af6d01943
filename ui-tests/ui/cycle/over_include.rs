// What the included dataflow needs is what is made of it.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        pub factor: f64,
    }

    #[node]
    pub fn scaled(factor: f64) -> f64 {
        2.0 * factor
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn factor(scaled: f64) -> f64 {
        1.0 / scaled
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _factor: f64 = driver.execute::<features::factor>(()).unwrap().into_values();
}
