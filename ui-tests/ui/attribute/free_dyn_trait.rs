// A node outside of a dataflow does not know what stands behind a trait object.
use millstream::prelude::*;

pub trait Model {
    fn predict(&self, x: f64) -> f64;
}

#[node]
pub fn score(model: &dyn Model) -> f64 {
    model.predict(1.0)
}

pub struct Double;

impl Model for Double {
    fn predict(&self, x: f64) -> f64 {
        2.0 * x
    }
}

fn main() {
    let _score = score(&Double);
}
