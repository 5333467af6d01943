// The constant of one instance has another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize(weekly = { window: value(7) }, monthly = { window: value(30.5) })]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
