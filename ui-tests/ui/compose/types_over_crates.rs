// A node of another crate yields another type.
use millstream::prelude::*;

#[dataflow]
pub mod reporting {
    #[include]
    use millstream_shared_flows::loans;

    #[node]
    pub fn exposure(risk: f32) -> f32 {
        2.0 * risk
    }
}

fn main() {
    let _exposure = reporting::exposure(1.0);
}
