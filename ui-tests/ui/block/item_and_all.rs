// A node cannot run for one item, and after all items.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

pub struct Collect<'a, T>(pub &'a [T]);

#[dataflow]
pub mod crawl {
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
    pub fn total(size: Collect<'_, f64>) -> f64 {
        size.0.iter().sum()
    }

    #[node]
    pub fn mean(total: f64) -> f64 {
        total / 2.0
    }

    #[node]
    pub fn deviation(size: f64, mean: f64) -> f64 {
        size - mean
    }
}

fn main() {
    let _total = crawl::total(Collect(&[1.0]));
    let _deviation = crawl::deviation(1.0, 1.0);
}
