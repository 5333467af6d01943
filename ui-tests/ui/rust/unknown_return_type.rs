// A return type that does not exist is said once.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn columns() -> Columns {
        Columns
    }

    #[node]
    pub fn length(columns: &Columns) -> usize {
        size_of_val(columns)
    }
}

fn main() {}
