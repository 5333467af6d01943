// Nodes that run after a failure are to come.
use millstream::prelude::*;

pub struct NodeError;

#[dataflow]
pub mod load {
    use super::NodeError;

    #[node]
    pub fn rows() -> Result<u32, String> {
        Ok(3)
    }

    #[node]
    pub fn n_rows(rows: Result<&u32, &NodeError>) -> u32 {
        rows.copied().unwrap_or(0)
    }
}

fn main() {
    let _n_rows = load::n_rows(Ok(&load::rows().unwrap()));
}
