// One `use` takes in one dataflow.
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

#[dataflow]
pub mod features {
    #[include]
    use super::{clean, load};

    #[node]
    pub fn doubled() -> u32 {
        2
    }
}

fn main() {
    let _sum = load::rows() + clean::limit() + features::doubled();
}
