// Items are taken apart one by one.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[node]
    #[unpack_fields(width, height)]
    pub fn sizes() -> Parallelizable<(f64, f64)> {
        Parallelizable(Vec::new())
    }

    #[node]
    pub fn area(width: f64, height: f64) -> f64 {
        width * height
    }
}

fn main() {
    let _area = crawl::area(1.0, 2.0);
    let _sizes = crawl::sizes();
}
