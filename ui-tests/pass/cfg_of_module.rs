//! A whole dataflow comes and goes with `#[cfg]`.
#![deny(warnings)]
use millstream::prelude::*;

#[cfg(any())]
#[dataflow]
pub mod absent {
    #[node]
    pub fn rows(nothing: Unknown) -> u32 {
        1
    }
}

#[dataflow]
#[cfg(all())]
pub mod present {
    #[node]
    pub fn rows() -> u32 {
        if cfg!(any()) { 2 } else { 1 }
    }
}

#[cfg_attr(all(), dataflow)]
pub mod by_attribute {
    #[node]
    pub fn rows() -> u32 {
        3
    }
}

fn main() -> Result<(), millstream::Error> {
    assert_eq!(present::driver().build()?.execute::<present::rows>(())?.into_values(), 1);
    assert_eq!(by_attribute::driver().build()?.execute::<by_attribute::rows>(())?.into_values(), 3);
    Ok(())
}
