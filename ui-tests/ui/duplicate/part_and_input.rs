// A part has the name of an input.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub temp_max: Vec<f64>,
    }

    #[node]
    #[unpack_fields(temp_max, wind)]
    pub fn columns() -> (Vec<f64>, Vec<f64>) {
        (vec![1.0], vec![2.0])
    }
}

fn main() {
    let _columns = weather::columns();
}
