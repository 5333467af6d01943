//! The inputs of the first driver alone, without a tuple.
use millstream::prelude::*;

#[dataflow]
mod load {
    #[inputs]
    pub struct Inputs {
        pub file: String,
    }

    #[node]
    pub fn rows(file: &str) -> usize {
        file.len()
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
    let _half = chain.execute::<score::half>(load::Inputs { file: "weather.csv".to_owned() });
}
