// The expression in an attribute does not parse.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days(#[value(7 +)] window: u32) -> u32 {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
