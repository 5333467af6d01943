// The default of a parameter has another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days(#[default("seven")] window: usize) -> usize {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
