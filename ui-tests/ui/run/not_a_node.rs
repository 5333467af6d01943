// What is asked for is no node at all.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn rows() -> u32 {
        1
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _rows = driver.execute::<u32>(());
}
