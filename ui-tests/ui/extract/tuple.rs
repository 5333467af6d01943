// A tuple has no field names.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[extract_fields(temp_max, temp_min)]
    pub fn columns() -> (Vec<f64>, Vec<f64>) {
        (vec![1.0], vec![0.0])
    }
}

fn main() {
    let _columns = weather::columns();
}
