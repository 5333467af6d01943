// A value is a struct or a tuple, not both.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[unpack_fields(temp_max, temp_min)]
    #[extract_fields(wind: f64)]
    pub fn columns() -> (f64, f64) {
        (1.0, 0.0)
    }
}

fn main() {
    let _columns = weather::columns();
}
