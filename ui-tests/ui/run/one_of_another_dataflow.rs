// One node of several belongs to another dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod clean {
    #[node]
    pub fn limit() -> u32 {
        9
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _both = driver.execute::<(load::rows, clean::limit)>(());
}
