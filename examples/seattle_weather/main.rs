//! Four years of weather in Seattle: a CSV file, two dataflows composed into a third, a table of results.
//!
//! Read `load_csv.rs` first, then `daily.rs`, then `results.rs`, whose dataflow includes those of the other two. The
//! rest is plain Rust: nodes call `observation.rs`, `statistics.rs` and `unit.rs`, and `report.rs` prints.

#![allow(unreachable_pub, reason = "`pub` says what a library would offer; this is a program")]

mod daily;
mod load_csv;
mod observation;
mod report;
mod results;
mod statistics;
mod unit;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use millstream::Executor;

use crate::daily::features;
use crate::load_csv::load;
use crate::results::weather;
use crate::unit::Unit;

/// What the weather in Seattle was like from 2012 to 2015, and how that was computed.
#[derive(Parser)]
#[command(name = "seattle_weather")]
struct Arguments {
    /// A CSV file of daily observations in place of that of the example, with the same columns.
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/seattle-weather.csv"), hide_default_value = true)]
    csv: PathBuf,

    /// Print one JSON document, in which each result has the name of its node.
    #[arg(long)]
    json: bool,

    /// Give temperatures in °F.
    #[arg(long)]
    fahrenheit: bool,

    /// Run one node after another.
    #[arg(long)]
    sequential: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads the output has had enough of it, which is no error.
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            // `{:#}` adds the causes: the node that failed, and why.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let unit = if arguments.fahrenheit { Unit::Fahrenheit } else { Unit::Celsius };
    let executor = if arguments.sequential { Executor::Sequential } else { Executor::Rayon };

    // The config selects the variants. What could be wrong with the graph was found when this was compiled.
    let driver = weather::driver(weather::Config { unit }).executor(executor).timings(true).build()?;
    let inputs = weather::inputs().observations_csv(arguments.csv);

    let mut out = io::stdout().lock();
    if arguments.json {
        // By name: whatever the graph says is a result.
        let results = driver.graph().tagged("stage", "final");
        let run = driver.execute_named(results.iter().map(|node| node.name()), inputs)?;
        writeln!(out, "{:#}", run.to_json()?)?;
    } else {
        // By type: the values of exactly these nodes, each of its own type.
        let run = driver.execute::<report::Results>(inputs)?;
        writeln!(out, "{}", report::table(run.values(), unit)?)?;
        writeln!(out, "Schedule, {executor:?}\n\n{}", run.schedule())?;
    }
    Ok(())
}
