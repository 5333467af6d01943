// An input fails where a driver before it in a chain has left it out.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod load {
    use millstream::NodeError;

    #[inputs]
    pub struct Inputs {
        pub rows: u32,
    }

    #[node]
    pub fn report(rows: Result<&u32, &NodeError>) -> u32 {
        *rows.unwrap_or(&0)
    }
}

fn main() {
    let _report = load::report(Ok(&1));
}
