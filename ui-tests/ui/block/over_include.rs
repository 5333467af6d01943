// Each of the inputs of what is included gets into a block of its own.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod scoring {
    #[inputs]
    pub struct Inputs {
        pub size: f64,
        pub weight: f64,
    }

    #[node]
    pub fn score(size: f64, weight: f64) -> f64 {
        size * weight
    }
}

#[dataflow]
pub mod crawl {
    use super::Parallelizable;
    #[include]
    use super::scoring;

    #[node]
    pub fn size() -> Parallelizable<f64> {
        Parallelizable(vec![1.0])
    }

    #[node]
    pub fn weight() -> Parallelizable<f64> {
        Parallelizable(vec![1.0])
    }
}

fn main() {
    let _score = scoring::score(1.0, 2.0);
}
