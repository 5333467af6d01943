// An optional dependency closes a cycle as any other.
use millstream::prelude::*;

#[dataflow]
pub mod bank {
    #[node]
    pub fn interest(balance: Option<&f64>) -> f64 {
        balance.map_or(0.0, |balance| 0.02 * balance)
    }

    #[node]
    pub fn balance(interest: f64) -> f64 {
        100.0 + interest
    }
}

fn main() {
    let _balance = bank::balance(bank::interest(None));
}
