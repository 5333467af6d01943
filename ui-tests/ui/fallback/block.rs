// A node that opens a block.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod prices {
    use super::Parallelizable;

    #[node]
    pub fn stored() -> f64 {
        2.0
    }

    #[node]
    #[fallback(stored)]
    pub fn pages() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    pub fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }
}

fn main() {
    let _pages = prices::pages();
}
