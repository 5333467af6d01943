//! Everything that reads and writes Rust: from the tokens of a `#[dataflow]` module to its expansion.

pub mod diagnostics;
pub mod model;
pub mod parse;
