// A text can be anything, so one variant must be for all others.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    #[config]
    pub struct Config {
        pub station: String,
    }

    #[node]
    #[when(station = "seattle")]
    pub fn height__seattle() -> f64 {
        53.0
    }

    #[node]
    #[when(station = "denver")]
    pub fn height__denver() -> f64 {
        1609.0
    }
}

fn main() {
    let _driver = weather::driver(weather::Config { station: "seattle".to_owned() }).build();
}
