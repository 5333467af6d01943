// The same for a number.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn zeros<const N: usize>() -> Vec<f64> {
        vec![0.0; N]
    }
}

fn main() {
    let _zeros = weather::zeros::<3>();
}
