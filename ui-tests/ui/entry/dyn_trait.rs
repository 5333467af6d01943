// A trait that is not implemented is reported once.
use millstream::prelude::*;

#[dataflow(compile(score = total))]
pub mod scoring {
    pub trait Model {
        fn predict(&self) -> f64;
    }

    #[node]
    pub fn model() -> String {
        String::new()
    }

    #[node]
    pub fn total(model: &dyn Model) -> f64 {
        model.predict()
    }
}

fn main() {
    let _total: f64 = scoring::score();
}
