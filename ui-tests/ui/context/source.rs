// Nothing feeds the context.
use millstream::prelude::*;

pub struct NodeContext<'a>(pub &'a str);

#[dataflow]
pub mod load {
    use super::NodeContext;

    #[node]
    pub fn rows(#[source(run)] context: NodeContext<'_>) -> usize {
        context.0.len()
    }

    #[node]
    pub fn run() -> u32 {
        1
    }
}

fn main() {
    let _rows = load::rows(NodeContext("run"));
}
