// There is nothing to be put under a condition.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn length() -> usize
    where
        String: Clone,
    {
        3
    }
}

fn main() {
    let _length = weather::length();
}
