//! A dataflow that a `macro_rules!` of the user writes.
#![deny(warnings)]
use millstream::prelude::*;

macro_rules! scaled {
    ($name:ident, $ty:ty, $factor:expr, $unit:pat, $fast:literal) => {
        #[dataflow]
        pub mod $name {
            #[inputs]
            pub struct Inputs {
                pub x: $ty,
            }

            #[config]
            pub struct Config {
                pub fast: bool,
            }

            #[node]
            #[when(fast = $fast)]
            pub fn scaled__special(x: $ty, #[value($factor)] factor: $ty) -> $ty {
                x * factor
            }

            #[node]
            #[when(fast = $unit)]
            pub fn scaled__usual(x: $ty) -> $ty {
                x
            }
        }
    };
}

scaled!(metres, f64, 3.0, _, true);
scaled!(pieces, u32, 1 + 1, _, false);

fn main() -> Result<(), millstream::Error> {
    let run = metres::driver(metres::Config { fast: true })
        .build()?
        .execute::<metres::scaled>(metres::Inputs { x: 2.0 })?;
    assert_eq!(run.into_values(), 6.0);
    let run = pieces::driver(pieces::Config { fast: false })
        .build()?
        .execute::<pieces::scaled>(pieces::Inputs { x: 2 })?;
    assert_eq!(run.into_values(), 4);
    Ok(())
}
