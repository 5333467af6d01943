// A field of the config is no input.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[config]
    pub struct Config {
        pub window: usize,
    }

    #[node]
    pub fn days(window: usize) -> usize {
        window
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { window: 7 });
}
