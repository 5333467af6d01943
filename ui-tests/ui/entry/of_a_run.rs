// What only a run has, an entry has not.
use millstream::prelude::*;

#[dataflow(compile(size = total))]
pub mod crawl {
    use super::{NodeError, Parallelizable};

    #[node]
    pub fn urls() -> Parallelizable<String> {
        Parallelizable(vec![String::new()])
    }

    #[node]
    pub fn length(urls: &str) -> usize {
        urls.len()
    }

    #[node]
    pub fn rate() -> f64 {
        1.0
    }

    #[node]
    pub fn safe(rate: Result<&f64, &NodeError>) -> f64 {
        rate.copied().unwrap_or(0.0)
    }

    #[node]
    pub fn total(length: usize, safe: f64) -> f64 {
        length as f64 + safe
    }
}

pub struct Parallelizable<T>(pub Vec<T>);
pub struct NodeError;

fn main() {
    let _size: f64 = crawl::size();
}
