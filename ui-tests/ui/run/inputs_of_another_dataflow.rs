// The inputs belong to another dataflow.
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
pub mod clean {
    #[inputs]
    pub struct Inputs {
        pub limit: usize,
    }

    #[node]
    pub fn kept(limit: usize) -> usize {
        limit
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _rows = driver.execute::<load::rows>(clean::Inputs { limit: 7 });
}
