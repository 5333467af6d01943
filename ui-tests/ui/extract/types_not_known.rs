// The struct is not in this module, so its types must be written.
use millstream::prelude::*;

pub struct Columns {
    pub temp_max: Vec<f64>,
}

#[dataflow]
pub mod weather {
    use super::Columns;

    #[node]
    #[extract_fields(temp_max)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }

    #[node]
    pub fn warmest(temp_max: &[f64]) -> f64 {
        temp_max[0]
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
