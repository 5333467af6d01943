// Nothing uses the input `limit`.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: usize,
        pub limit: f64,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let inputs = weather::Inputs { window: 7, limit: 1.0 };
    let _days: usize = driver.execute::<weather::days>(inputs).unwrap().into_values();
}
