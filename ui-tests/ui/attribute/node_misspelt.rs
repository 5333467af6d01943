// `#[nod]` is meant to be `#[node]`.
use millstream::prelude::*;

#[dataflow]
pub mod marketing {
    #[nod]
    pub fn spend() -> f64 {
        1.0
    }

    #[node]
    pub fn doubled(spend: f64) -> f64 {
        2.0 * spend
    }
}

fn main() {
    let _doubled = marketing::doubled(marketing::spend());
}
