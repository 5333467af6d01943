//! Goals 3, 4 and 5: two threads, by how long a node takes.

use millstream_benches::measure::{Failure, Times, count, race};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::Goal;
use millstream_benches::work;

use crate::Bench;

/// The work of a node in nanoseconds, and the speed-up that is to be reached.
const POINTS: [(u32, Option<f64>); 9] = [
    (0, None),
    (100, Some(1.15)),
    (200, None),
    (400, Some(1.6)),
    (1_000, Some(1.85)),
    (2_000, None),
    (5_000, None),
    (10_000, Some(1.95)),
    (106_000, None),
];
/// What W4 is.
const W4: u32 = 10_000;
/// Those that wake other threads last: these look about for a while, and would disturb who comes next.
const KINDS: [Kind; 4] = [Kind::ByCalls, Kind::Sequential, Kind::Auto, Kind::Rayon];

/// The times at one point, in the order of [`KINDS`], and at last those of two bare threads.
struct Measured {
    work: u32,
    speed_up: Option<f64>,
    times: Vec<Times>,
}

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !["3", "4", "5"].iter().any(|section| bench.options.wants(section)) {
        return Ok(());
    }
    let Some(subject) = subjects::find("W4") else { return Ok(()) };
    let nodes = count(subject.workload.nodes.len());
    let mut points = Vec::with_capacity(POINTS.len());
    for (work, speed_up) in POINTS {
        work::set_steps(bench.pace.steps(work));
        let mut contenders = subject.contenders(&KINDS)?;
        contenders.push(subject.two_bare_threads(subject.workload.value()));
        let times = race(bench.options.effort, &mut contenders)?;
        points.push(Measured { work, speed_up, times });
    }
    work::set_steps(0);
    if bench.options.wants("3") {
        empty_nodes(bench)?;
        bench.table.note("speed-up against the driver on one thread, W3, by the work of a node:");
        for point in points.iter().filter(|point| point.work != W4) {
            speed_up(bench, point, nodes);
        }
    }
    if bench.options.wants("4") {
        bench.table.section("4", "W4 on two threads", "speed-up");
        for point in points.iter().filter(|point| point.work == W4) {
            speed_up(bench, point, nodes);
        }
    }
    if bench.options.wants("5") {
        bench.table.section("5", "`auto` against the better of one thread and two", "ratio");
        for point in &points {
            auto(bench, point);
        }
    }
    Ok(())
}

fn empty_nodes(bench: &mut Bench) -> Result<(), Failure> {
    let Some(subject) = subjects::find("W3") else { return Ok(()) };
    bench.table.section("3", "The driver on two threads", "ns a node");
    let nodes = count(subject.workload.nodes.len());
    let times = race(bench.options.effort, &mut subject.contenders(&KINDS)?)?;
    for (kind, times) in KINDS.iter().zip(&times) {
        let (what, measured) = (format!("W3 {}", times.name), times.median() / nodes);
        match kind {
            Kind::Rayon => bench.table.goal(&what, Goal::AtMost(60.0), measured),
            _ => bench.table.row(&what, measured),
        }
    }
    Ok(())
}

fn speed_up(bench: &mut Bench, point: &Measured, nodes: f64) {
    let [by_calls, sequential, _, parallel, bare] = &point.times[..] else { return };
    let what = format!(
        "{} ns: {} by hand, {} on one thread",
        point.work,
        (by_calls.median() / nodes).round(),
        (sequential.median() / nodes).round()
    );
    let measured = sequential.ratio_to(parallel);
    let possible = by_calls.ratio_to(bare);
    let remark = format!("two bare threads {possible:.2}");
    match (point.speed_up, point.work) {
        (Some(goal), _) if possible < goal => {
            bench.table.out_of_reach(&what, Goal::AtLeast(goal), measured, &remark);
        }
        (Some(goal), _) => bench.table.goal_with(&what, Goal::AtLeast(goal), measured, &remark),
        // Without work there is nothing that they could share.
        (None, 0) => bench.table.row(&what, measured),
        (None, _) => bench.table.row_with(&what, measured, &remark),
    }
}

fn auto(bench: &mut Bench, point: &Measured) {
    let [_, sequential, auto, parallel, _] = &point.times[..] else { return };
    let better = if sequential.median() <= parallel.median() { sequential } else { parallel };
    let what = format!("{} ns: the better is the {}", point.work, better.name);
    bench.table.goal(&what, Goal::AtLeast(0.98), better.ratio_to(auto));
}
