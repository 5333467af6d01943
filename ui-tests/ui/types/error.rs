// The error of a node must be one that can be passed on.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    pub struct Broken;

    #[node]
    pub fn rows() -> Result<Vec<f64>, Broken> {
        Err(Broken)
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _rows = driver.execute::<load::rows>(());
}
