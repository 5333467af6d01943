// What stands in is there for each item only.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod prices {
    use super::Parallelizable;

    #[node]
    #[fallback(size)]
    pub fn live() -> Result<f64, std::fmt::Error> {
        Ok(1.0)
    }

    #[node]
    pub fn pages() -> Parallelizable<u32> {
        Parallelizable(vec![1, 2])
    }

    #[node]
    pub fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }
}

fn main() {
    let _live = prices::live();
}
