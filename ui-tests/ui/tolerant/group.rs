// One outcome for each node.
use millstream::prelude::*;

#[derive(Debug)]
pub struct NodeError;

#[dataflow]
pub mod load {
    use super::NodeError;

    #[node]
    pub fn rows() -> Result<u32, std::fmt::Error> {
        Ok(3)
    }

    #[node]
    pub fn report(#[group(rows)] all: Result<&u32, &NodeError>) -> u32 {
        *all.unwrap_or(&0)
    }
}

fn main() {
    let _report = load::report(Ok(&1));
}
