// A parameter is one item, or all of them.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[node]
    pub fn pages() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    pub fn total(pages: Parallelizable<u32>) -> u32 {
        pages.0.iter().sum()
    }
}

fn main() {
    let _total = crawl::total(Parallelizable(vec![1]));
}
