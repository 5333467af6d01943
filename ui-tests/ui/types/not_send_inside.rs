// A struct that holds an `Rc` cannot pass between threads either.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    use std::rc::Rc;

    pub struct Weights {
        pub first: Rc<f64>,
    }

    #[node]
    pub fn weights() -> Weights {
        Weights { first: Rc::new(1.0) }
    }
}

fn main() {
    let _first = model::weights().first;
}
