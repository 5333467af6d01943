// A value that has to be cloned and cannot be.
use millstream::prelude::*;

#[dataflow(compile(score = price))]
pub mod scoring {
    pub struct Model(pub f64);

    #[inputs]
    pub struct Inputs {
        pub model: Model,
    }

    #[node]
    pub fn price(model: Model) -> f64 {
        model.0
    }
}

fn main() {
    let _price: f64 = scoring::score(&scoring::ScoreInputs { model: scoring::Model(1.0) });
}
