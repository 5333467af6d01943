// The module stands in a file of its own.
use millstream::prelude::*;

#[dataflow]
mod weather;

fn main() {}
