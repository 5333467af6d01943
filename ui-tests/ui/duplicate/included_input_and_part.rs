// A part has the name of a node of the included dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn wind() -> f64 {
        1.0
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    #[unpack_fields(temp_max, wind)]
    pub fn columns() -> (f64, f64) {
        (1.0, 2.0)
    }
}

fn main() {
    let _columns = features::columns();
}
