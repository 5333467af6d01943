// Once collected, it is in no block any more.
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
    pub fn mean(total: Collect<'_, f64>) -> f64 {
        total.0[0]
    }
}

fn main() {
    let _mean = crawl::mean(Collect(&[1.0]));
}
