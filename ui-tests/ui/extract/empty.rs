// No field is named.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    pub struct Columns {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[extract_fields]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
