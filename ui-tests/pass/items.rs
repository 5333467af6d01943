//! Items of all kinds stand beside the nodes, untouched.
#![deny(warnings)]
use millstream::prelude::*;

/// A dataflow with everything in it.
#[dataflow]
pub mod everything {
    #![allow(clippy::unreadable_literal)]
    //! Even inner attributes.

    use std::collections::BTreeMap;
    use std::fmt::Display;

    pub const LIMIT: u32 = 3;
    static NAMES: [&str; 2] = ["a", "b"];

    pub type Counts = BTreeMap<String, u32>;

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Row {
        pub name: String,
        pub count: u32,
    }

    pub struct Pair<T>(pub T, pub T)
    where
        T: Copy;

    pub enum Unit {
        Celsius,
        Fahrenheit,
    }

    pub union Bits {
        pub whole: u32,
        pub bytes: [u8; 4],
    }

    pub trait Shout {
        fn shout(&self) -> String;
    }

    impl<T: Display> Shout for T {
        fn shout(&self) -> String {
            self.to_string().to_uppercase()
        }
    }

    macro_rules! double {
        ($x:expr) => {
            2 * $x
        };
    }

    mod inner {
        pub(super) fn triple(x: u32) -> u32 {
            3 * x
        }
    }

    unsafe extern "C" {
        #[allow(dead_code)]
        safe fn abs(x: i32) -> i32;
    }

    fn helper<T: Clone>(x: &T) -> T {
        x.clone()
    }

    pub async fn waiting() -> u32 {
        1
    }

    pub const fn constant() -> u32 {
        2
    }

    #[node]
    #[must_use]
    #[inline]
    pub fn rows() -> Vec<Row> {
        NAMES.iter().map(|name| Row { name: (*name).to_owned(), count: LIMIT }).collect()
    }

    #[node]
    #[allow(clippy::ptr_arg)]
    pub fn counts(rows: &Vec<Row>) -> Counts {
        rows.iter().map(|row| (row.name.shout(), inner::triple(double!(row.count)))).collect()
    }

    #[node]
    pub const fn zero() -> u32 {
        constant() - 2
    }

    #[node]
    pub(crate) fn total(counts: &Counts, zero: u32) -> u32 {
        helper(counts).values().sum::<u32>() + zero
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn zero() {
            assert_eq!(super::zero(), 0);
        }
    }
}

fn main() -> Result<(), millstream::Error> {
    let run = everything::driver().build()?.execute::<everything::total>(())?;
    assert_eq!(run.into_values(), 36);
    assert_eq!(everything::total(&everything::Counts::new(), everything::zero()), 0);
    Ok(())
}
