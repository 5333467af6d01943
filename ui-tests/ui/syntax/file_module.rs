// The module stands in a file of its own.
use millstream::prelude::*;

#[dataflow]
#[path = "files/weather.rs"]
mod weather;

fn main() {}
