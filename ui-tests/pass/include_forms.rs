//! All forms of a `use` that names dataflows.
#![deny(warnings)]
use millstream::prelude::*;

pub mod flows {
    use millstream::prelude::*;

    #[dataflow]
    pub mod load {
        #[node]
        pub fn rows() -> u32 {
            1
        }
    }

    #[dataflow]
    pub mod clean {
        #[node]
        pub fn limit() -> u32 {
            9
        }
    }

    pub mod deeper {
        use millstream::prelude::*;

        #[dataflow]
        pub mod scale {
            #[node]
            pub fn factor() -> u32 {
                2
            }
        }
    }
}

#[dataflow]
pub mod listed {
    #[include]
    use super::flows::{clean, deeper::scale, load};

    #[node]
    pub fn result(rows: u32, limit: u32, factor: u32) -> u32 {
        (rows * factor).min(limit)
    }
}

#[dataflow]
pub mod renamed {
    #[include]
    use crate::flows::load as source;

    #[node]
    pub fn result(rows: u32) -> u32 {
        rows + source::rows()
    }
}

#[dataflow]
pub mod published {
    #[include]
    pub use crate::flows::load;

    #[node]
    pub fn result(rows: u32) -> u32 {
        rows
    }
}

fn main() -> Result<(), millstream::Error> {
    assert_eq!(listed::driver().build()?.execute::<listed::result>(())?.into_values(), 2);
    assert_eq!(renamed::driver().build()?.execute::<renamed::result>(())?.into_values(), 2);
    assert_eq!(published::driver().build()?.execute::<published::load::rows>(())?.into_values(), 1);
    Ok(())
}
