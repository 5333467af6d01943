// A struct of the module has the name of a node: both are types.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    #[allow(non_camel_case_types)]
    pub struct summary {
        pub rows: usize,
    }

    #[node]
    pub fn summary() -> usize {
        3
    }
}

fn main() {
    let _rows = report::summary();
}
