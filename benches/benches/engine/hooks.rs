//! Goal 11: what listening costs.

use millstream_benches::measure::{Failure, count, race};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::Goal;

use crate::Bench;

/// Who listens, the first one nobody; and what more it may cost.
const LISTENERS: [(Kind, Option<f64>); 5] = [
    (Kind::Sequential, None),
    (Kind::Deaf, Some(0.1)),
    (Kind::Listener, Some(10.0)),
    (Kind::Timings, Some(60.0)),
    (Kind::TimingsHook, None),
];

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("11") {
        return Ok(());
    }
    let Some(subject) = subjects::find("W3") else { return Ok(()) };
    bench.table.section("11", "Listening, W3, more than nobody listening", "ns a node");
    let times = race(bench.options.effort, &mut subject.contenders(&LISTENERS.map(|(kind, _)| kind))?)?;
    for ((_, goal), listening) in LISTENERS.iter().zip(&times).skip(1) {
        let more = listening.more_than(&times[0]) / count(subject.workload.nodes.len());
        match goal {
            // Of nothing a little is left: the noise.
            Some(goal) => bench.table.goal(&listening.name, Goal::AtMost(*goal), more),
            None => bench.table.row(&listening.name, more),
        }
    }
    Ok(())
}
