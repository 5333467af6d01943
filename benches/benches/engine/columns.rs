//! Goal 9: W6, ten nodes over columns.

use std::sync::Arc;

use millstream::Executor;
use millstream_benches::columns::{Columns, Reused, by_reference, by_value, fresh, fused, in_place};
use millstream_benches::measure::{Contender, Failure, Times, race};
use millstream_benches::table::Goal;

use crate::Bench;

pub(crate) const ROWS: usize = 1_000_000;

/// The times of our driver, for who compares others with it.
pub(crate) fn driver_by_value(bench: &Bench) -> Result<Times, Failure> {
    let columns = columns(bench);
    let mut contenders = [by_value(&columns, "by value", Executor::Sequential)?];
    let times = race(bench.options.effort, &mut contenders)?;
    times.into_iter().next().ok_or_else(|| "nothing is measured".into())
}

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("9") {
        return Ok(());
    }
    bench.table.section("9", "Columns, W6", "ms");
    let columns = columns(bench);
    let mut reused = Reused::default();
    let mut contenders = vec![
        Contender::sure("by hand, in place", || in_place(&columns)),
        Contender::sure("by hand, melted into three passes", || fused(&columns)),
        Contender::sure("by hand, buffers kept from run to run", || reused.run(&columns)),
        Contender::sure("by hand, a new buffer for each column", || fresh(&columns)),
    ];
    for (name, executor) in [("sequential", Executor::Sequential), ("rayon", Executor::Rayon)] {
        contenders.push(by_value(&columns, &format!("driver, {name}, by value"), executor)?);
        contenders.push(by_reference(&columns, &format!("driver, {name}, by reference"), executor)?);
    }
    let times = race(bench.options.effort, &mut contenders)?;
    for times in &times {
        bench.table.row(&times.name, times.median() / 1e6);
    }
    if let (Some(by_hand), Some(driver)) = (times.first(), times.get(4)) {
        let what = "driver, sequential, by value, against by hand in place";
        bench.table.goal(what, Goal::AtMost(1.05), driver.ratio_to(by_hand));
    }
    Ok(())
}

fn columns(bench: &Bench) -> Columns {
    Columns::new(if bench.options.quick { 1_000 } else { ROWS })
}

macro_rules! driven {
    ($flow:ident) => {
        fn $flow<'a>(columns: &'a Columns, name: &str, executor: Executor) -> Result<Contender<'a>, Failure> {
            let driver = $flow::driver().executor(executor).build()?;
            Ok(Contender::new(name, move || {
                let (spend, signups) = (Arc::clone(&columns.spend), Arc::clone(&columns.signups));
                let inputs = $flow::Inputs { spend, signups };
                Ok(driver.execute::<$flow::result>(inputs)?.into_values())
            }))
        }
    };
}

driven!(by_value);
driven!(by_reference);
