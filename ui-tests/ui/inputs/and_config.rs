// One struct cannot be both.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[inputs]
    #[config]
    pub struct Both {
        pub window: usize,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let _both = weather::Both { window: 7 };
}
