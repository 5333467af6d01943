// A thread cannot be ended, so nothing that computes for an item can be given up.
use millstream::prelude::*;

#[dataflow]
pub mod pages {
    use millstream::prelude::*;

    #[node]
    pub fn url() -> Parallelizable<u32> {
        Parallelizable::new(0..3)
    }

    #[node(timeout = "1s")]
    pub async fn page(url: &u32) -> u32 {
        *url
    }

    #[node(timeout = "1s")]
    pub fn words(page: &u32) -> u32 {
        *page
    }

    #[node(timeout = "1s")]
    pub fn total(words: Collect<'_, u32>) -> u32 {
        words.iter().sum()
    }
}

fn main() {
    let _words = pages::words(&1);
}
