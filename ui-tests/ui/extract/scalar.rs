// A number has no fields.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[extract_fields(whole: f64)]
    pub fn warmest() -> f64 {
        35.5
    }
}

fn main() {
    let _warmest = weather::warmest();
}
