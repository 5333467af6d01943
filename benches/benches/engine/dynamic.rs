//! Goal 7: dynamic blocks.

use std::hint::black_box;

use millstream::Executor;
use millstream_benches::blocks::{collecting, folding, items, map, reduce};
use millstream_benches::measure::{Contender, Failure, race};
use millstream_benches::table::Goal;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::Bench;

/// Items of W5.
pub(crate) const ITEMS: u32 = 10_000;
/// As many as still take no more than in proportion.
const MANY: u32 = 1_000_000;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("7") {
        return Ok(());
    }
    bench.table.section("7", "Dynamic blocks, W5", "ns an item");
    let most = if bench.options.quick { 2 * ITEMS } else { MANY };
    for number in [ITEMS, most] {
        blocks(bench, number)?;
    }
    Ok(())
}

fn blocks(bench: &mut Bench, number: u32) -> Result<(), Failure> {
    let end = u64::from(number);
    let mut contenders = vec![
        Contender::sure("by hand, without collecting", || folding(black_box(end))),
        Contender::sure("by hand, collecting", || collecting(black_box(end))),
        Contender::sure("rayon, collecting", || {
            let mut values = Vec::new();
            (0..number).into_par_iter().map(|item| map(u64::from(item) + 1)).collect_into_vec(&mut values);
            reduce(&black_box(values))
        }),
    ];
    let by_hand = contenders.len();
    contenders.extend(ours(number)?);
    for (position, times) in race(bench.options.effort, &mut contenders)?.iter().enumerate() {
        let what = format!("{number} items, {}", times.name);
        let measured = times.median() / f64::from(number);
        if position < by_hand {
            bench.table.row(&what, measured);
        } else {
            bench.table.goal(&what, Goal::AtMost(5.0), measured);
        }
    }
    Ok(())
}

/// Our drivers on so many items.
pub(crate) fn ours(number: u32) -> Result<Vec<Contender<'static>>, Failure> {
    let mut contenders = Vec::new();
    for (name, executor) in [("driver, sequential", Executor::Sequential), ("driver, rayon", Executor::Rayon)]
    {
        let driver = items::driver().executor(executor).build()?;
        contenders.push(Contender::new(name, move || {
            let inputs = items::Inputs { count: black_box(number.into()) };
            Ok(driver.execute::<items::reduced>(inputs)?.into_values())
        }));
    }
    Ok(contenders)
}
