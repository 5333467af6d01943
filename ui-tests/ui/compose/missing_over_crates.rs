// What a dataflow of another crate does not have either.
use millstream::prelude::*;

#[dataflow]
pub mod reporting {
    #[include]
    use millstream_shared_flows::loans;

    #[node]
    pub fn exposure(rsik: f64) -> f64 {
        2.0 * rsik
    }
}

fn main() {
    let _exposure = reporting::exposure(1.0);
}
