// A node opens one block.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[node]
    pub fn pages() -> Parallelizable<Parallelizable<u32>> {
        Parallelizable(Vec::new())
    }
}

fn main() {
    let _pages = crawl::pages();
}
