// Graphs within graphs are to come.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[subdag(crate::load, namespace = "us")]
    pub fn us_rows() -> u32 {
        3
    }
}

fn main() {
    let _rows = weather::us_rows();
}
