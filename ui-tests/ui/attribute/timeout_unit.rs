// A unit that there is not.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[node(timeout = "5 sec")]
    pub fn live() -> f64 {
        1.0
    }
}

fn main() {
    let _live = prices::live();
}
