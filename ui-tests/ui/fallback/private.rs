// What stands in is private in another dataflow.
use millstream::prelude::*;

#[dataflow]
pub mod stored {
    #[node]
    fn last() -> f64 {
        3.0
    }

    #[node]
    pub fn twice(last: f64) -> f64 {
        2.0 * last
    }
}

#[dataflow]
pub mod prices {
    #[include]
    use super::stored;

    #[node]
    #[fallback(last)]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
