// The function makes no node of this name.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[unpack_fields(temp_max, temp_min)]
    #[tag_outputs(temp_mx = { unit = "celsius" })]
    pub fn columns() -> (f64, f64) {
        (1.0, 0.0)
    }
}

fn main() {
    let _columns = weather::columns();
}
