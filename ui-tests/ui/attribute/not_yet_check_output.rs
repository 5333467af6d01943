// Checks of values are to come.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[check_output(range(-60.0..=60.0), allow_nan = false, importance = fail)]
    pub fn warmest() -> f64 {
        35.5
    }
}

fn main() {
    let _warmest = weather::warmest();
}
