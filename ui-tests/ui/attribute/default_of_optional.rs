// What is optional is `None` where it is missing.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    pub fn days(#[default(7)] window: Option<usize>) -> usize {
        window.unwrap_or(1)
    }
}

fn main() {
    let _days = weather::days(None);
}
