// `#[parameterize_values]` names a parameter that the function does not have.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(day, weekly = 7, monthly = 30)]
    pub fn rolling(days: usize) -> usize {
        days
    }

    #[node]
    pub fn doubled(weekly: usize) -> usize {
        2 * weekly
    }
}

fn main() {
    let _doubled = weather::doubled(weather::rolling(7));
}
