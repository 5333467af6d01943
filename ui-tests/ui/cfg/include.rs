// Nor a whole dataflow, from inside.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    #[node]
    pub fn rows() -> u32 {
        1
    }
}

#[dataflow]
pub mod features {
    #[cfg(unix)]
    #[include]
    use super::load;

    #[node]
    pub fn n_rows(rows: u32) -> u32 {
        rows
    }
}

fn main() {
    let _driver = features::driver().build();
}
