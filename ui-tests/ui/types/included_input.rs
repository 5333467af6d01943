// A node answers for an input of the included dataflow, and has another type.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[inputs]
    pub struct Inputs {
        pub file: String,
    }

    #[node]
    pub fn length(file: &str) -> usize {
        file.len()
    }
}

#[dataflow]
pub mod features {
    use std::path::PathBuf;

    #[include]
    use super::load;

    #[node]
    pub fn file() -> PathBuf {
        PathBuf::from("weather.csv")
    }
}

fn main() {
    let _driver = features::driver().build();
}
