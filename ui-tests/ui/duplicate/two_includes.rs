// Two included dataflows have a node of one name.
use millstream::prelude::*;

#[dataflow]
pub mod stations {
    #[node]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod satellites {
    #[node]
    pub fn rows() -> u32 {
        2
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::stations;
    #[include]
    use super::satellites;

    #[node]
    pub fn n_rows(rows: u32) -> u32 {
        rows
    }
}

fn main() {
    let driver = features::driver().build().unwrap();
    let _n_rows: u32 = driver.execute::<features::n_rows>(()).unwrap().into_values();
}
