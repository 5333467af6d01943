// Dynamic blocks are to come.
use millstream::prelude::*;

pub struct Collect<'a, T>(pub Vec<&'a T>);

#[dataflow]
pub mod crawl {
    use super::Collect;

    #[inputs]
    pub struct Inputs {
        pub pages: u32,
    }

    #[node]
    pub fn n_pages(pages: Collect<'_, u32>) -> usize {
        pages.0.len()
    }
}

fn main() {
    let _n_pages = crawl::n_pages(Collect(vec![&1]));
}
