// What feeds a parameter does not exist.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    const DAYS: u32 = 7;

    #[node]
    #[parameterize(weekly = { window: value(DAYS) }, monthly = { window: value(MONTH) })]
    pub fn rolling(window: u32) -> u32 {
        window
    }
}

fn main() {
    let _rolling = weather::rolling(7);
}
