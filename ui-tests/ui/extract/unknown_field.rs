// The struct has no field `temp_mx`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    pub struct Columns {
        pub temp_max: Vec<f64>,
        pub temp_min: Vec<f64>,
    }

    #[node]
    #[extract_fields(temp_mx, temp_min)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0], temp_min: vec![0.0] }
    }

    #[node]
    pub fn coldest(temp_min: &[f64]) -> f64 {
        temp_min[0]
    }
}

fn main() {
    let _columns = weather::columns().temp_max;
}
