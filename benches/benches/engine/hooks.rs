//! Goal 11: what listening costs.

use millstream_benches::measure::{Failure, count, race};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::Goal;

use crate::Bench;

const KINDS: [Kind; 2] = [Kind::Sequential, Kind::Timings];

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("11") {
        return Ok(());
    }
    let Some(subject) = subjects::find("W3") else { return Ok(()) };
    bench.table.section("11", "Listening, W3, more than nobody listening", "ns a node");
    let times = race(bench.options.effort, &mut subject.contenders(&KINDS)?)?;
    if let [nobody, timings] = &times[..] {
        let more = (timings.median() - nobody.median()) / count(subject.workload.nodes.len());
        bench.table.goal("when each node ran, and for how long", Goal::AtMost(60.0), more);
    }
    bench
        .table
        .open("11 (hooks)", "hooks: nothing when nobody listens, at most 10 ns for one that does nothing");
    Ok(())
}
