// A node takes one item, and collects all of them.
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
    pub fn share(pages: &u32, size: Collect<'_, f64>) -> f64 {
        f64::from(*pages) / size.0.iter().sum::<f64>()
    }
}

fn main() {
    let _share = crawl::share(&1, Collect(&[1.0]));
}
