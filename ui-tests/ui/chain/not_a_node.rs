//! What is asked of a chain is no node.
use millstream::prelude::*;

#[dataflow]
mod load {
    #[node]
    pub fn rows() -> usize {
        3
    }
}

#[dataflow]
mod score {
    #[inputs]
    pub struct Inputs {
        pub rows: usize,
    }

    #[node]
    pub fn half(rows: usize) -> usize {
        rows / 2
    }
}

fn main() {
    let chain = load::driver().build().unwrap().then(&score::driver().build().unwrap()).unwrap();
    let _half = chain.execute::<usize>(());
}
