// The included node is private to its dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    fn raw_rows() -> u32 {
        1
    }

    #[node]
    pub fn rows(raw_rows: u32) -> u32 {
        raw_rows
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn doubled(raw_rows: u32) -> u32 {
        2 * raw_rows
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _doubled: u32 = driver.execute::<features::doubled>(()).unwrap().into_values();
}
