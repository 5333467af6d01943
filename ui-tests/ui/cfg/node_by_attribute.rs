// `#[node]` itself cannot come and go with `#[cfg_attr]`.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[cfg_attr(unix, node)]
    pub fn days() -> u32 {
        7
    }

    #[node]
    pub fn weeks() -> u32 {
        days() / 7
    }
}

fn main() {
    let _weeks = weather::weeks();
}
