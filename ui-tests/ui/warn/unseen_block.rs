// Nothing collects the items, and nobody can ask for what is made of them.
#![deny(warnings)]
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[node]
    fn pages() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }

    #[node]
    pub fn days() -> usize {
        7
    }
}

fn main() {
    let _days = crawl::days();
}
