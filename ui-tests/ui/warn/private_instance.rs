// Nothing needs one of the nodes of a private function.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(days, weekly = 7, monthly = 30)]
    fn rolling(days: usize) -> usize {
        days
    }

    #[node]
    pub fn doubled(weekly: usize) -> usize {
        2 * weekly
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _doubled: usize = driver.execute::<weather::doubled>(()).unwrap().into_values();
}
