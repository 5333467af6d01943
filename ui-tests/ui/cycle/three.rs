// Three nodes need each other; the two beside them are no part of it.
use millstream::prelude::*;

#[dataflow]
pub mod planning {
    #[inputs]
    pub struct Inputs {
        pub stock: f64,
    }

    #[node]
    pub fn demand(price: f64, stock: f64) -> f64 {
        stock / price
    }

    #[node]
    pub fn price(cost: f64) -> f64 {
        2.0 * cost
    }

    #[node]
    pub fn cost(demand: f64) -> f64 {
        10.0 / demand
    }

    #[node]
    pub fn profit(price: f64, cost: f64) -> f64 {
        price - cost
    }
}

fn main() {
    let driver = planning::driver().build().unwrap();
    let inputs = planning::Inputs { stock: 3.0 };
    let _profit: f64 = driver.execute::<planning::profit>(inputs).unwrap().into_values();
}
