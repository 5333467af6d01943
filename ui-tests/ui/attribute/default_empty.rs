// A default is an expression.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days(#[default] window: usize) -> usize {
        window
    }
}

fn main() {
    let _days = weather::days(7);
}
