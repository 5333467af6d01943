// A method cannot be a node, wherever it stands.
use millstream::prelude::*;

pub struct Campaign {
    pub spend: f64,
}

impl Campaign {
    #[node]
    pub fn doubled(&self) -> f64 {
        2.0 * self.spend
    }
}

fn main() {
    let _doubled = Campaign { spend: 1.0 }.doubled();
}
