// A node that may fail yields its value, not its `Result`.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    use std::num::ParseIntError;

    #[node]
    pub fn count() -> Result<u32, ParseIntError> {
        "3".parse()
    }

    #[node]
    pub fn doubled(count: &Result<u32, ParseIntError>) -> u32 {
        count.as_ref().map_or(0, |count| 2 * count)
    }
}

fn main() {
    let _doubled = load::doubled(&load::count());
}
