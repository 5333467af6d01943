// A dataflow is included twice, which rustc says of the `use`.
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
    #[include]
    use super::load;
    #[include]
    use super::load;

    #[node]
    pub fn doubled(rows: u32) -> u32 {
        2 * rows
    }
}

fn main() {
    let _doubled = features::doubled(load::rows());
}
