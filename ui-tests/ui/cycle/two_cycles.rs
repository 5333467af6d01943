// Two cycles that have nothing to do with each other.
use millstream::prelude::*;

#[dataflow]
pub mod knots {
    #[node]
    pub fn left(right: u32) -> u32 {
        right
    }

    #[node]
    pub fn up(down: u32) -> u32 {
        down
    }

    #[node]
    pub fn right(left: u32) -> u32 {
        left
    }

    #[node]
    pub fn down(up: u32) -> u32 {
        up
    }
}

fn main() {
    let _sum = knots::left(1) + knots::up(2);
}
