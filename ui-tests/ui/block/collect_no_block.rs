// What is collected was never expanded.
use millstream::prelude::*;

pub struct Collect<'a, T>(pub &'a [T]);

#[dataflow]
pub mod crawl {
    use super::Collect;

    #[node]
    pub fn size() -> f64 {
        1.0
    }

    #[node]
    pub fn total(size: Collect<'_, f64>) -> f64 {
        size.0.iter().sum()
    }
}

fn main() {
    let _total = crawl::total(Collect(&[1.0]));
}
