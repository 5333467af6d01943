//! Goal 9: W6, ten nodes over columns.

use std::sync::Arc;

use millstream::Executor;
use millstream_benches::columns::{Columns, Reused, by_reference, by_value, fresh, fused, in_place};
use millstream_benches::measure::{Contender, Failure, race};
use millstream_benches::table::Goal;

use crate::Bench;

pub(crate) const ROWS: usize = 1_000_000;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("9") {
        return Ok(());
    }
    bench.table.section("9", "Columns, W6", "ms");
    let columns = Columns::new(if bench.options.quick { 1_000 } else { ROWS });
    let mut reused = Reused::default();
    let mut contenders = vec![
        Contender::sure("by hand, in place", || in_place(&columns)),
        Contender::sure("by hand, melted into three passes", || fused(&columns)),
        Contender::sure("by hand, buffers kept from run to run", || reused.run(&columns)),
        Contender::sure("by hand, a new buffer for each column", || fresh(&columns)),
    ];
    for (name, executor) in [("sequential", Executor::Sequential), ("rayon", Executor::Rayon)] {
        let values = by_value::driver().executor(executor).build()?;
        let references = by_reference::driver().executor(executor).build()?;
        let columns = &columns;
        contenders.push(Contender::new(format!("driver, {name}, by value"), move || {
            let (spend, signups) = (Arc::clone(&columns.spend), Arc::clone(&columns.signups));
            Ok(values.execute::<by_value::result>(by_value::Inputs { spend, signups })?.into_values())
        }));
        contenders.push(Contender::new(format!("driver, {name}, by reference"), move || {
            let (spend, signups) = (Arc::clone(&columns.spend), Arc::clone(&columns.signups));
            let inputs = by_reference::Inputs { spend, signups };
            Ok(references.execute::<by_reference::result>(inputs)?.into_values())
        }));
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
