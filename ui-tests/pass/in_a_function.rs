//! A dataflow within the body of a function, as in a test.
#![deny(warnings)]
use millstream::prelude::*;

fn main() -> Result<(), millstream::Error> {
    #[dataflow]
    mod local {
        #[inputs]
        pub struct Inputs {
            pub x: u32,
        }

        #[node]
        pub fn doubled(x: u32) -> u32 {
            2 * x
        }
    }

    let run = local::driver().build()?.execute::<local::doubled>(local::Inputs { x: 2 })?;
    assert_eq!(run.into_values(), 4);
    Ok(())
}
