// The types of the included dataflow do not fit: said there, once.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        pub file: String,
    }

    #[node]
    pub fn rows(file: &[u8]) -> u32 {
        file.len() as u32
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
