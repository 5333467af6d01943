// `#[unpack_fields]` of nothing.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[unpack_fields(train, test)]
    pub fn split() {}
}

fn main() {
    model::split();
}
