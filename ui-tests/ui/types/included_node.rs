// A node takes one of the included dataflow by another type.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![1.0]
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn warmest(temp_max: &[i32]) -> i32 {
        temp_max[0]
    }
}

fn main() {
    let _driver = features::driver().build();
}
