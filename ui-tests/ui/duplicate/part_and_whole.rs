// A part has the name of the node that it is a part of.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[unpack_fields(columns, wind)]
    pub fn columns() -> (Vec<f64>, Vec<f64>) {
        (vec![1.0], vec![2.0])
    }
}

fn main() {
    let _columns = weather::columns();
}
