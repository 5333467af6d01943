// What only a run has, an entry has not.
use millstream::prelude::*;

#[dataflow(compile(size = total))]
pub mod crawl {
    use millstream::NodeError;

    #[node]
    pub fn rate() -> f64 {
        1.0
    }

    #[node]
    pub fn safe(rate: Result<&f64, &NodeError>) -> f64 {
        rate.copied().unwrap_or(0.0)
    }

    #[node(retries = 2)]
    pub fn again() -> Result<f64, String> {
        Ok(1.0)
    }

    #[node]
    pub fn total(again: f64, safe: f64) -> f64 {
        again + safe
    }
}

fn main() {
    let _size: f64 = crawl::size().unwrap();
}
