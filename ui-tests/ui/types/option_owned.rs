// The same by value.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn limit() -> i32 {
        30
    }

    #[node]
    pub fn warm(limit: Option<f64>) -> bool {
        limit.is_some_and(|limit| limit > 20.0)
    }
}

fn main() {
    let _warm = weather::warm(None);
}
