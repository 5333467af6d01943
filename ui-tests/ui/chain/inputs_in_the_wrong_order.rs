//! The inputs of each driver, in another order than the drivers.
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
        pub limit: usize,
    }

    #[node]
    pub fn share(rows: usize, limit: usize) -> usize {
        rows / limit
    }
}

fn main() {
    let chain = load::driver().build().unwrap().then(&score::driver().build().unwrap()).unwrap();
    let inputs = (score::inputs().limit(7), load::Inputs { file: "weather.csv".to_owned() });
    let _share = chain.execute::<score::share>(inputs);
}
