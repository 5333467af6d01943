// The names of parts are texts, and the keys of this map are numbers.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    use std::collections::BTreeMap;

    #[node]
    #[extract_fields(first)]
    pub fn columns() -> BTreeMap<u32, f64> {
        BTreeMap::from([(1, 1.0)])
    }
}

fn main() {
    let _columns = weather::columns();
}
