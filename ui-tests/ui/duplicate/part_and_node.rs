// A part has the name of a node.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    pub struct Columns {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[extract_fields(temp_max)]
    pub fn columns() -> Columns {
        Columns { temp_max: vec![1.0] }
    }

    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![2.0]
    }
}

fn main() {
    let _sum = weather::columns().temp_max[0] + weather::temp_max()[0];
}
