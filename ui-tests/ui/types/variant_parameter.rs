// One variant takes a parameter by another type than its node yields.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[inputs]
    pub struct Inputs {
        pub rows: Vec<f64>,
    }

    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = true)]
    pub fn mean__fast(rows: &[f32]) -> f64 {
        f64::from(rows[0])
    }

    #[node]
    #[when(fast = false)]
    pub fn mean__exact(rows: &[f64]) -> f64 {
        rows[0]
    }
}

fn main() {
    let _driver = model::driver(model::Config { fast: true }).build();
}
