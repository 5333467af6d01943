//! Goal 10: how much is alive at once.

use millstream::{Driver, Error, Executor};
use millstream_benches::allocator;
use millstream_benches::blocks::large_items;
use millstream_benches::graphs::{LARGE, large_chain, large_pairs};
use millstream_benches::measure::{Failure, count};
use millstream_benches::table::Goal;

use crate::Bench;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("10") {
        return Ok(());
    }
    bench.table.section("10", "Memory: values of 1 MB that are alive at once", "values");
    for (name, executor) in [("sequential", Executor::Sequential), ("rayon", Executor::Rayon)] {
        let chain = large_chain::driver().executor(executor).build()?;
        let what = format!("a chain of 32, {name}");
        report(bench, &what, Some(2.0), || chain.execute::<large_chain::result>(()).map(|_| ()))?;
    }
    let pairs: Driver<large_pairs::Flow> = large_pairs::driver().executor(Executor::Sequential).build()?;
    let what = "31 of one source, boiled down at once, sequential";
    report(bench, what, Some(2.0), || pairs.execute::<large_pairs::result>(()).map(|_| ()))?;
    let pairs = large_pairs::driver().executor(Executor::Rayon).build()?;
    report(bench, "the same, rayon", None, || pairs.execute::<large_pairs::result>(()).map(|_| ()))?;
    // One for each thread.
    for (name, executor, goal) in [("sequential", Executor::Sequential, 1.0), ("rayon", Executor::Rayon, 2.0)]
    {
        let items = large_items::driver().executor(executor).build()?;
        let what = format!("a block of 200 items, boiled down at once, {name}");
        report(bench, &what, Some(goal), || {
            items.execute::<large_items::result>(large_items::Inputs { count: 200 }).map(|_| ())
        })?;
    }
    Ok(())
}

fn report(
    bench: &mut Bench,
    what: &str,
    goal: Option<f64>,
    run: impl Fn() -> Result<(), Error>,
) -> Result<(), Failure> {
    // The first run pays for what is made once.
    run()?;
    let (result, allocated) = allocator::watch(&run);
    result?;
    let (values, rest) = (allocated.peak / LARGE, allocated.peak % LARGE);
    let what = format!("{what} (and {} KB)", rest / 1024);
    match goal {
        Some(goal) => bench.table.goal(&what, Goal::AtMost(goal), count(values)),
        None => bench.table.row(&what, count(values)),
    }
    Ok(())
}
