// One input by itself is not the inputs.
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

fn main() {
    let driver = load::driver().build().unwrap();
    let _rows = driver.execute::<load::rows>("weather.csv");
}
