//! A dataflow that only its own module uses.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
mod private {
    #[inputs]
    pub(super) struct Inputs {
        pub(super) x: u32,
    }

    #[config]
    pub(super) struct Config {
        pub(super) fast: bool,
    }

    pub(super) struct Hidden(u32);

    #[node]
    fn hidden(x: u32) -> Hidden {
        Hidden(x)
    }

    #[node]
    #[when(fast = true)]
    pub(super) fn shown__fast(hidden: &Hidden) -> u32 {
        hidden.0
    }

    #[node]
    #[when(fast = false)]
    pub(super) fn shown__exact(hidden: &Hidden) -> u32 {
        hidden.0 + 1
    }
}

fn main() -> Result<(), millstream::Error> {
    let driver = private::driver(private::Config { fast: false }).build()?;
    let run = driver.execute::<private::shown>(private::Inputs { x: 2 })?;
    assert_eq!(run.into_values(), 3);
    Ok(())
}
