// A node needs itself.
use millstream::prelude::*;

#[dataflow]
pub mod bank {
    #[node]
    pub fn balance(balance: f64) -> f64 {
        balance + 1.0
    }
}

fn main() {
    let _balance = bank::balance(1.0);
}
