// A parameter takes another type than its input is.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: u32,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _days: usize = driver.execute::<weather::days>(weather::Inputs { window: 7 }).unwrap().into_values();
}
