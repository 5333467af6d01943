// The parts of two nodes would have one name.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[node]
    #[parameterize_values(seed, first = 1, second = 2)]
    #[unpack_fields(train, test)]
    pub fn split(seed: u64) -> (u64, u64) {
        (seed, seed + 1)
    }
}

fn main() {
    let _split = model::split(1);
}
