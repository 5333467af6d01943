// The node that stands in the place of an included one has another type.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn temp_max() -> Vec<f64> {
        vec![1.0]
    }

    #[node]
    pub fn n_days(temp_max: &[f64]) -> usize {
        temp_max.len()
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node(overrides)]
    pub fn temp_max() -> Vec<f32> {
        vec![1.0]
    }
}

fn main() {
    let _driver = features::driver().build();
}
