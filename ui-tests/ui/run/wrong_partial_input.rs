// One of some of the inputs is given as another type.
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

    #[node]
    pub fn warm(limit: f64) -> bool {
        limit > 20.0
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _days = driver.execute::<weather::days>(weather::inputs().window(7.5));
}
