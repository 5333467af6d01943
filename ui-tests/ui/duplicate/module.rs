// A module within the dataflow has the name of a node.
use millstream::prelude::*;

#[dataflow]
pub mod report {
    pub mod summary {
        pub const ROWS: usize = 3;
    }

    #[node]
    pub fn summary() -> usize {
        self::summary::ROWS
    }
}

fn main() {
    let _rows = report::summary();
}
