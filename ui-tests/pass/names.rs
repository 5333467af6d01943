//! Names that are keywords, that stand in the prelude or that the macro uses itself.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod names {
    #[inputs]
    pub struct Inputs {
        pub r#type: String,
        pub frame: u32,
    }

    #[config]
    pub struct Config {
        pub r#move: bool,
    }

    #[node]
    pub fn r#match(r#type: &str) -> usize {
        r#type.len()
    }

    #[node]
    #[when(r#move = true)]
    pub fn speed__moving() -> u32 {
        3
    }

    #[node]
    #[when(r#move = false)]
    pub fn speed__still() -> u32 {
        0
    }

    #[node]
    pub fn value(frame: u32) -> u32 {
        frame
    }

    #[node]
    pub fn run(value: u32, r#match: usize, speed: u32) -> usize {
        value as usize + r#match + speed as usize
    }

    #[node]
    pub fn config(run: usize) -> usize {
        run
    }

    #[node]
    pub fn drop(config: usize) -> usize {
        config
    }

    #[node(name = "Ok")]
    pub fn ok(drop: usize) -> usize {
        drop
    }

    #[node]
    pub fn _hidden(#[source(Ok)] ok: usize) -> usize {
        ok
    }
}

fn main() -> Result<(), millstream::Error> {
    let driver = names::driver(names::Config { r#move: true }).build()?;
    let run = driver.execute::<names::_hidden>(names::Inputs { r#type: "four".to_owned(), frame: 1 })?;
    assert_eq!(run.into_values(), 8);
    Ok(())
}
