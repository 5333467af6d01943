// A constant leaves nothing to the default.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days(#[default(7)] #[value(30)] window: usize) -> usize {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
