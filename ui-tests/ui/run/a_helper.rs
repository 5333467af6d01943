// What is asked for is a function without `#[node]`.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    pub fn helper() -> u32 {
        1
    }

    #[node]
    pub fn rows() -> u32 {
        helper()
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _rows = driver.execute::<load::helper>(());
}
