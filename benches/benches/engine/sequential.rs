//! Goal 2: what a node costs the driver on one thread, when nobody listens.

use millstream_benches::allocator;
use millstream_benches::measure::{Failure, count, race};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::Goal;

use crate::Bench;

const GOALS: [(&str, f64); 3] = [("W1", 6.0), ("W2", 8.0), ("W3", 10.0)];
const KINDS: [Kind; 4] = [Kind::ByHand, Kind::ByCalls, Kind::Entry, Kind::Sequential];

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("2") {
        return Ok(());
    }
    let table = &mut bench.table;
    table.section("2", "The driver on one thread", "ns a node");
    for (number, goal) in GOALS {
        let Some(subject) = subjects::find(number) else { continue };
        let nodes = count(subject.workload.nodes.len());
        let mut contenders = subject.contenders(&KINDS)?;
        let times = race(bench.options.effort, &mut contenders)?;
        for (kind, times) in KINDS.iter().zip(&times) {
            let what = format!("{number} {}", times.name);
            if *kind == Kind::Sequential {
                table.goal(&format!("{what}, best round"), Goal::AtMost(goal), times.best() / nodes);
            }
            table.row(&what, times.median() / nodes);
        }
        let mut sequential = subject.contender(Kind::Sequential)?;
        // The first run pays for what is made once.
        sequential.run()?;
        let (value, allocated) = allocator::watch(|| sequential.run());
        value?;
        table.row_with(
            &format!("{number} allocations"),
            count(allocated.calls) / nodes,
            &format!("a node; {} in all", allocated.calls),
        );
    }
    Ok(())
}
