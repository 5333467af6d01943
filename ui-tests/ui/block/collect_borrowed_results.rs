// Failed items are collected by a `Result` of the value itself.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

pub struct Collect<'a, T>(pub &'a [T]);

pub struct NodeError;

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
    pub fn total(size: Collect<'_, Result<&f64, &super::NodeError>>) -> f64 {
        size.0.iter().flatten().copied().sum()
    }
}

fn main() {
    let _total = crawl::total(Collect(&[Ok(&1.0)]));
}
