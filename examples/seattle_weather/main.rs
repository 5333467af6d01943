//! Four years of weather in Seattle, from a CSV file to a table of results.

mod features;
mod load;
mod observation;
mod statistics;
mod unit;
mod weather;

fn main() {}
