// What the node yields does not implement the trait.
use millstream::prelude::*;

pub trait Model {
    fn predict(&self, x: f64) -> f64;
}

#[dataflow]
pub mod scoring {
    use super::Model;

    pub struct Constant(pub f64);

    #[node]
    pub fn model() -> Constant {
        Constant(1.0)
    }

    #[node]
    pub fn score(model: &dyn Model) -> f64 {
        model.predict(2.0)
    }
}

fn main() {
    let _model = scoring::model().0;
}
