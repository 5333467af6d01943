// Two nodes need each other.
use millstream::prelude::*;

#[dataflow]
pub mod bank {
    #[node]
    pub fn interest(balance: f64) -> f64 {
        0.02 * balance
    }

    #[node]
    pub fn balance(interest: f64) -> f64 {
        100.0 + interest
    }
}

fn main() {
    let driver = bank::driver().build().unwrap();
    let _balance: f64 = driver.execute::<bank::balance>(()).unwrap().into_values();
}
