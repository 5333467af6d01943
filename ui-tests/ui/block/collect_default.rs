// A block may be empty.
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
    pub fn total(#[default(Collect(&[]))] size: Collect<'_, f64>) -> f64 {
        size.0.iter().sum()
    }
}

fn main() {
    let _total = crawl::total(Collect(&[1.0]));
}
