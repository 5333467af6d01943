// The caller supplies one value.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[inputs]
    pub struct Inputs {
        pub pages: Parallelizable<u32>,
    }

    #[node]
    pub fn size(pages: &u32) -> f64 {
        f64::from(*pages)
    }
}

fn main() {
    let _size = crawl::size(&1);
}
