// Several mistakes in one signature.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub async unsafe fn doubled<T>(&self, (a, b): (f64, f64), spend: &mut f64, _: T) -> &f64 {
        spend
    }
}

fn main() {}
