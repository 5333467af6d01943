// `#[unpack_fields]` of what is no tuple.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[unpack_fields(train, test)]
    pub fn split() -> Vec<f64> {
        vec![1.0, 2.0]
    }
}

fn main() {
    let _split = model::split();
}
