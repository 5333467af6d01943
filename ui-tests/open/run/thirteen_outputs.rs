// A tuple has up to twelve nodes.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days() -> u32 {
        7
    }
}

fn main() {
    use weather::days;
    let driver = weather::driver().build().unwrap();
    let _all = driver.execute::<(days, days, days, days, days, days, days, days, days, days, days, days, days)>(());
}
