// A return type that does not exist is said once.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn columns() -> Columns {
        todo!()
    }
}

fn main() {}
