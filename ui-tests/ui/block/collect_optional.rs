// There is a block, or the module does not build.
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
    pub fn total(size: Option<Collect<'_, f64>>) -> f64 {
        size.map_or(0.0, |size| size.0.iter().sum())
    }
}

fn main() {
    let _total = crawl::total(None);
}
