// Items of two blocks, of which neither is inside of the other.
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
    pub fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }

    #[node]
    pub fn words() -> Parallelizable<String> {
        Parallelizable(Vec::new())
    }

    #[node]
    pub fn score(size: f64, words: &str) -> f64 {
        size + words.len() as f64
    }
}

fn main() {
    let _score = crawl::score(1.0, "a");
}
