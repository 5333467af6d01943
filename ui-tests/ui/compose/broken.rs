// The included dataflow has an error: said there, and nothing is said where it is included.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        pub file: String,
    }

    #[node]
    pub fn rows(fil: &str) -> u32 {
        fil.len() as u32
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn doubled(rows: u32) -> u32 {
        2 * rows
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let inputs = features::Inputs { file: "weather.csv".to_owned() };
    let _doubled: u32 = driver.execute::<features::doubled>(inputs).unwrap().into_values();
}
