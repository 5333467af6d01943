// An input is left out of the whole struct.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: usize,
        pub limit: f64,
    }

    #[node]
    pub fn days(window: usize, limit: f64) -> f64 {
        window as f64 * limit
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _days = driver.execute::<weather::days>(weather::Inputs { window: 7 });
}
