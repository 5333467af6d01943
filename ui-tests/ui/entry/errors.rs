// What cannot be an error is reported once.
use millstream::prelude::*;

#[dataflow(compile(score = rows))]
pub mod scoring {
    pub struct Broken;

    #[node]
    pub fn rows() -> Result<f64, Broken> {
        Err(Broken)
    }
}

fn main() {
    let _rows = scoring::score();
}
