// A node outside of a dataflow is one node.
use millstream::prelude::*;

#[node]
#[parameterize_values(days, weekly = 7, monthly = 30)]
pub fn rolling(days: usize) -> usize {
    days
}

fn main() {
    let _rolling = rolling(7);
}
