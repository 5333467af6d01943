// Nothing has a name that is near to `exchange_rate`.
use millstream::prelude::*;

#[dataflow]
pub mod prices {
    #[inputs]
    pub struct Inputs {
        pub euros: f64,
    }

    #[node]
    pub fn dollars(euros: f64, exchange_rate: f64) -> f64 {
        euros * exchange_rate
    }
}

fn main() {
    let driver = prices::driver().build().unwrap();
    let _dollars: f64 = driver.execute::<prices::dollars>(prices::Inputs { euros: 2.0 }).unwrap().into_values();
}
