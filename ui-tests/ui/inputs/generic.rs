// An input has one type.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs<T> {
        pub spend: T,
    }

    #[node]
    pub fn doubled() -> f64 {
        2.0
    }
}

fn main() {
    let _inputs = marketing::Inputs { spend: 1.0 };
}
