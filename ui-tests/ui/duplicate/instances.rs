// Two functions make a node of one name by `#[parameterize]`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(days, weekly = 7, monthly = 30)]
    pub fn rolling(days: usize) -> usize {
        days
    }

    #[node]
    #[parameterize_values(days, weekly = 7)]
    pub fn total(days: usize) -> usize {
        days
    }
}

fn main() {
    let _sum = weather::total(7) + weather::rolling(7);
}
