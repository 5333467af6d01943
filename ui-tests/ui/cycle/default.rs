// A parameter with a default is fed by the node of its name, if there is one.
use millstream::prelude::*;

#[dataflow]
pub mod bank {
    #[node]
    pub fn interest(#[default(0.0)] balance: f64) -> f64 {
        0.02 * balance
    }

    #[node]
    pub fn balance(interest: f64) -> f64 {
        100.0 + interest
    }
}

fn main() {
    let _balance = bank::balance(bank::interest(1.0));
}
