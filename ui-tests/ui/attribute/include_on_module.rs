// `#[include]` belongs on a `use`.
use millstream::prelude::*;

#[dataflow]
pub mod features {
    #[include]
    pub mod load {
        pub fn rows() -> u32 {
            1
        }
    }

    #[node]
    pub fn n_rows() -> u32 {
        load::rows()
    }
}

fn main() {
    let _n_rows = features::n_rows();
}
