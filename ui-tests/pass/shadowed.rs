//! The user's names for what the expansion needs of the standard library.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

#[millstream::dataflow]
pub mod shadowed {
    pub struct Vec;
    pub struct Box;
    pub struct Send;
    pub enum Some {}
    pub trait Clone {}
    pub trait Into {}
    pub mod core {}
    pub mod std {}
    pub mod millstream {}

    #[inputs]
    pub struct Inputs {
        pub x: u32,
        pub limit: ::core::option::Option<u32>,
    }

    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = _)]
    pub fn doubled(x: u32, limit: ::core::option::Option<&u32>) -> u32 {
        2 * x + limit.copied().unwrap_or(0)
    }
}

fn main() -> Result<(), millstream::Error> {
    let driver = shadowed::driver(shadowed::Config { fast: true }).build()?;
    let run = driver.execute::<shadowed::doubled>(shadowed::Inputs { x: 2, limit: None })?;
    assert_eq!(run.into_values(), 4);
    Ok(())
}
