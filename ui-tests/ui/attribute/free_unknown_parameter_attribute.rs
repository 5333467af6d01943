// Outside of a dataflow, too, a misspelt attribute of a parameter is said to be one.
use millstream::prelude::*;

#[node]
pub fn doubled(#[sorce(spend)] amount: &f64) -> f64 {
    2.0 * amount
}

fn main() {
    let _doubled = doubled(&1.0);
}
