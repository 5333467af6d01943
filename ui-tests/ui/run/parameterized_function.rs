// What is asked for is the function of several nodes, not one of them.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(days, weekly = 7, monthly = 30)]
    pub fn rolling(days: u32) -> u32 {
        days
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _rolling = driver.execute::<weather::rolling>(());
}
