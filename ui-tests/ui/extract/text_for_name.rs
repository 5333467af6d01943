// Fields are named without quotes.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    pub struct Columns {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[extract_fields("temp_max")]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
