// A node of `#[parameterize]` has the name of another node.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[parameterize_values(days, weekly = 7, monthly = 30)]
    pub fn rolling(days: usize) -> usize {
        days
    }

    #[node]
    pub fn weekly() -> usize {
        7
    }
}

fn main() {
    let _weekly = weather::weekly() + weather::rolling(7);
}
