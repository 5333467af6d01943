// Every run has a context.
use millstream::prelude::*;

pub struct NodeContext<'a>(pub &'a str);

#[dataflow]
pub mod load {
    use super::NodeContext;

    #[node]
    pub fn rows(context: Option<NodeContext<'_>>) -> usize {
        context.map_or(0, |context| context.0.len())
    }
}

fn main() {
    let _rows = load::rows(None);
}
