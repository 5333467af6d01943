// The type in the attribute is not that of the field.
use millstream::prelude::*;

pub struct Columns {
    pub temp_max: Vec<f64>,
}

#[dataflow]
pub mod weather {
    use super::Columns;

    #[node]
    #[extract_fields(temp_max: Vec<i32>)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
