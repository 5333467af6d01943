//! What Millstream costs, beside its goals and its peers: one table. See the README of this crate.
//! `cargo bench -p millstream-benches --features peers --bench engine`.

mod building;
mod columns;
mod counts;
mod dynamic;
mod hashing;
mod hooks;
mod memory;
mod parallel;
mod peers;
mod python;
mod rivals;
mod sequential;
mod waiting;

use std::env;
use std::process::ExitCode;

use millstream_benches::allocator::Counting;
use millstream_benches::measure::Failure;
use millstream_benches::options::{Options, USAGE};
use millstream_benches::table::Table;
use millstream_benches::work::Pace;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The goals that say how many threads there are say two.
const THREADS: usize = 2;

/// What every section gets.
struct Bench {
    options: Options,
    table: Table,
    pace: Pace,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let options = Options::of(env::args().skip(1))?;
    if let Some(only) = &options.only_run {
        return counts::only_run(only);
    }
    if options.help {
        println!("{USAGE}");
        return Ok(());
    }
    rayon::ThreadPoolBuilder::new().num_threads(THREADS).build_global()?;
    println!(
        "Medians of {} interleaved rounds; ratios are taken within a round. Numbers in one table can be compared, \
         numbers of two tables cannot.",
        options.effort.rounds
    );
    let mut bench = Bench { table: Table::new(!options.quick), options, pace: Pace::measure() };
    counts::run(&mut bench)?;
    sequential::run(&mut bench)?;
    parallel::run(&mut bench)?;
    building::run(&mut bench)?;
    dynamic::run(&mut bench)?;
    waiting::run(&mut bench)?;
    columns::run(&mut bench)?;
    memory::run(&mut bench)?;
    hooks::run(&mut bench)?;
    rivals::run(&mut bench)?;
    hashing::run(&mut bench)?;
    if bench.options.wants("13") {
        bench.table.section("13", "Building a program", "");
        bench.table.note("`cargo bench -p millstream-benches --bench build_cost` has a table of its own.");
    }
    bench.table.finish();
    Ok(())
}
