// One variant opens a block, the other does not.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[config]
    pub struct Config {
        pub all: bool,
    }

    #[node]
    #[when(all = true)]
    pub fn pages__all() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    #[when(all = false)]
    pub fn pages__first() -> u32 {
        1
    }
}

fn main() {
    let _pages = (crawl::pages__all(), crawl::pages__first());
}
