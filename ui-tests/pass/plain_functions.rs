//! The functions stay plain functions: they are called, taken as values and tested as ever.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod plain {
    #[inputs]
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Inputs {
        #[default(7)]
        pub window: usize,
    }

    #[config]
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Config {
        pub fast: bool,
    }

    impl Config {
        #[must_use]
        pub fn fast() -> Self {
            Self { fast: true }
        }
    }

    #[node]
    #[when(fast = true)]
    pub fn days__fast(window: usize) -> usize {
        window
    }

    #[node]
    #[when(fast = false)]
    pub fn days__exact(mut window: usize) -> usize {
        window += 1;
        window
    }

    #[node]
    #[parameterize_values(factor, double = 2, triple = 3)]
    pub fn times(days: usize, factor: usize) -> usize {
        days * factor
    }

    #[node]
    #[deprecated(note = "write `double`")]
    pub fn twice(double: usize) -> usize {
        double
    }
}

fn main() -> Result<(), millstream::Error> {
    use plain::{double, times};
    let functions: [fn(usize) -> usize; 2] = [plain::days__fast, plain::days__exact];
    assert_eq!(functions.map(|function| function(3)), [3, 4]);
    assert_eq!(times(2, 5), 10);
    let driver = plain::driver(plain::Config::fast()).build()?;
    assert_eq!(driver.execute::<double>(plain::inputs())?.into_values(), 14);
    assert_eq!(driver.execute::<double>(plain::Inputs { window: 1 })?.into_values(), 2);
    assert_eq!(plain::Inputs::default(), plain::Inputs { window: 0 });
    Ok(())
}
