// The node is misspelt.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn warmest_day() -> u32 {
        7
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _day = driver.execute::<weather::warmst_day>(());
}
