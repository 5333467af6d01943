// What stands in for the node of one item needs all.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

pub struct Collect<'a, T>(pub &'a [T]);

#[dataflow]
pub mod prices {
    use super::{Collect, Parallelizable};

    #[node]
    pub fn pages() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    pub fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }

    #[node]
    #[fallback(total)]
    pub fn share(size: f64) -> f64 {
        1.0 / size
    }

    #[node]
    pub fn total(size: Collect<'_, f64>) -> f64 {
        size.0.iter().sum()
    }
}

fn main() {
    let _total = prices::total(Collect(&[1.0]));
}
