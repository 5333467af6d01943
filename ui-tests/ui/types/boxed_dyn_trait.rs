// What the node yields is another trait's object.
use millstream::prelude::*;

pub trait Model: Send + Sync {
    fn predict(&self, x: f64) -> f64;
}

pub trait Scaler: Send + Sync {
    fn scale(&self, x: f64) -> f64;
}

#[dataflow]
pub mod scoring {
    use super::{Model, Scaler};

    pub struct Double;

    impl Scaler for Double {
        fn scale(&self, x: f64) -> f64 {
            2.0 * x
        }
    }

    #[node]
    pub fn model() -> Box<dyn Scaler> {
        Box::new(Double)
    }

    #[node]
    pub fn score(model: &dyn Model) -> f64 {
        model.predict(2.0)
    }
}

fn main() {
    let _scaled = scoring::model().scale(1.0);
}
