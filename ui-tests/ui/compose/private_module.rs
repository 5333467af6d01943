// The included dataflow is private to its module.
use millstream::prelude::*;

pub mod flows {
    use millstream::prelude::*;

    #[dataflow]
    mod load {
        #[node]
        pub fn rows() -> u32 {
            1
        }
    }

    pub fn all() -> u32 {
        load::rows()
    }
}

#[dataflow]
pub mod features {
    #[include]
    use super::flows::load;

    #[node]
    pub fn doubled(rows: u32) -> u32 {
        2 * rows
    }
}

fn main() {
    let _doubled = features::doubled(flows::all());
}
