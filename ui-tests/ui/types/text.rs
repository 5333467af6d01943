// A path is no text.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    use std::path::PathBuf;

    #[inputs]
    pub struct Inputs {
        pub file: PathBuf,
    }

    #[node]
    pub fn lines(file: &str) -> usize {
        file.lines().count()
    }
}

fn main() {
    let _lines = weather::lines("a\nb");
}
