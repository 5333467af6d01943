// The struct of another module has no such field, which rustc says itself.
use millstream::prelude::*;

pub struct Columns {
    pub temp_max: Vec<f64>,
}

#[dataflow]
pub mod weather {
    use super::Columns;

    #[node]
    #[extract_fields(temp_min: Vec<f64>)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
