// Two dataflows include each other.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[include]
    use super::features;

    #[node]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::load;

    #[node]
    pub fn doubled() -> u32 {
        2
    }
}

fn main() {
    let _sum = load::rows() + features::doubled();
}
