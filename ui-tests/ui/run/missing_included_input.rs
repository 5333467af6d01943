// An input of the included dataflow is left out.
use millstream::prelude::*;

#[dataflow]
pub mod load {
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
pub mod features {
    #[include]
    use super::load;

    #[inputs]
    pub struct Inputs {
        pub limit: usize,
    }

    #[node]
    pub fn kept(rows: usize, limit: usize) -> usize {
        rows.min(limit)
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _kept = driver.execute::<features::kept>(features::Inputs { limit: 7 });
}
