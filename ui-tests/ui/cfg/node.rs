// A node cannot come and go with `#[cfg]`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[node]
    #[cfg(unix)]
    pub fn days() -> u32 {
        7
    }

    #[node]
    pub fn weeks(days: u32) -> u32 {
        days / 7
    }
}

fn main() {
    let _weeks = weather::weeks(7);
}
