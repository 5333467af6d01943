// The tags of a node stand in braces.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[unpack_fields(temp_max, temp_min)]
    #[tag_outputs(temp_max = "celsius")]
    pub fn columns() -> (f64, f64) {
        (1.0, 0.0)
    }
}

fn main() {
    let _columns = weather::columns();
}
