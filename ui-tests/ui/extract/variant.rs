// Taking a value apart in one of several variants is not possible yet.
use millstream::prelude::*;

#[dataflow]
pub mod model {
    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = _)]
    #[unpack_fields(train, test)]
    pub fn split() -> (u64, u64) {
        (1, 2)
    }
}

fn main() {
    let _split = model::split();
}
