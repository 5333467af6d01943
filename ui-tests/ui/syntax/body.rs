// The body of a node does not parse.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    pub struct Inputs {
        pub days: u32,
    }

    #[node]
    pub fn weeks(days: u32) -> u32 {
        days /
    }

    #[node]
    pub fn months(weeks: u32) -> u32 {
        weeks / 4
    }
}

fn main() {
    let driver = weather::driver().build().unwrap();
    let _months: u32 = driver.execute::<weather::months>(weather::Inputs { days: 60 }).unwrap().into_values();
}
