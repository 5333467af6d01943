// An input is one value.
use millstream::prelude::*;

pub struct Collect<'a, T>(pub &'a [T]);

#[dataflow]
pub mod crawl {
    use super::Collect;

    #[inputs]
    pub struct Inputs {
        pub sizes: Vec<f64>,
    }

    #[node]
    pub fn total(sizes: Collect<'_, f64>) -> f64 {
        sizes.0.iter().sum()
    }
}

fn main() {
    let _total = crawl::total(Collect(&[1.0]));
}
