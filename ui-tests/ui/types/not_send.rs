// Values pass between threads, and an `Rc` cannot.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    use std::rc::Rc;

    #[node]
    pub fn weights() -> Rc<f64> {
        Rc::new(1.0)
    }

    #[node]
    pub fn doubled(weights: &Rc<f64>) -> f64 {
        2.0 * **weights
    }
}

fn main() {
    let driver = model::driver().build().unwrap();
    let _doubled: f64 = driver.execute::<model::doubled>(()).unwrap().into_values();
}
