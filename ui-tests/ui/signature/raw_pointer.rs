// A raw pointer is no dependency.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub series: Vec<f64>,
    }

    #[node]
    pub fn is_null(series: *const f64) -> bool {
        series.is_null()
    }
}

fn main() {
    let _is_null = weather::is_null(std::ptr::null());
}
