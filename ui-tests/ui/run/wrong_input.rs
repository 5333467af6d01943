// An input is given as another type.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub window: usize,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _days = driver.execute::<weather::days>(weather::Inputs { window: "7" });
}
