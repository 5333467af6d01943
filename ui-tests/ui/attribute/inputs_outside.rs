// `#[inputs]` outside of any dataflow.
use millstream::prelude::*;

#[inputs]
pub struct Inputs {
    #[default(7)]
    pub window: usize,
}

fn main() {
    let _inputs = Inputs { window: 7 };
}
