// A node outside of a dataflow cannot be taken apart.
use millstream::prelude::*;

#[node]
#[unpack_fields(train, test)]
pub fn split() -> (u64, u64) {
    (1, 2)
}

fn main() {
    let _split = split();
}
