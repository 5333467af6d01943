// The other half of them.
use millstream::prelude::*;

pub struct Parallelizable<T>(pub Vec<T>);

#[dataflow]
pub mod crawl {
    use super::Parallelizable;

    #[node]
    pub fn url() -> Parallelizable<String> {
        Parallelizable(Vec::new())
    }
}

fn main() {
    let _urls = crawl::url().0;
}
