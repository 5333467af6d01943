// The node is private to its module.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    fn raw() -> u32 {
        7
    }

    #[node]
    pub fn days(raw: u32) -> u32 {
        raw
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _raw = driver.execute::<weather::raw>(());
}
