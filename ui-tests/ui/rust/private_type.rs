// A public node yields a private type: a warning of rustc's, as for any public function.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    struct Columns;

    #[node]
    pub fn columns() -> Columns {
        Columns
    }
}

fn main() {}
