// The context is taken by value.
use millstream::prelude::*;

pub struct NodeContext<'a>(pub &'a str);

#[dataflow]
pub mod load {
    use super::NodeContext;

    #[node]
    pub fn rows(context: &NodeContext<'_>) -> usize {
        context.0.len()
    }
}

fn main() {
    let _rows = load::rows(&NodeContext("run"));
}
