// An imported module has the name of a node.
use millstream::prelude::*;

pub mod sources {
    pub mod weather {
        pub const ROWS: usize = 3;
    }
}

#[dataflow]
pub mod report {
    use super::sources::weather;

    #[node]
    pub fn weather() -> usize {
        weather::ROWS
    }
}

fn main() {
    let _rows = report::weather();
}
