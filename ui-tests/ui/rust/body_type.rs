// A mistake in the body of a node is rustc's, said once, in the body.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn weeks(days: u32) -> u32 {
        let _ = days;
        "seven"
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _weeks: u32 = driver.execute::<weather::weeks>(weather::Inputs { days: 60 }).unwrap().into_values();
}
