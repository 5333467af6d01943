//! Goal 12: we are ahead of every peer on every workload.

use std::hint::black_box;

use millstream_benches::blocks::collecting;
use millstream_benches::measure::{Contender, Failure, Times, count, race};
use millstream_benches::subjects::{self, Kind};
use millstream_benches::table::{Goal, Number};
use millstream_benches::work;
use millstream_benches::workloads::{self, Workload};

use crate::dynamic::{self, ITEMS};
use crate::{Bench, columns, peers, python};

/// Ours, the best of which a peer is compared with.
const OURS: [Kind; 3] = [Kind::Sequential, Kind::Rayon, Kind::Auto];
/// Nanoseconds of work a node of W4.
const W4: u32 = 10_000;

/// What we take for a workload, which a peer should not undercut.
pub(crate) struct Ours {
    pub(crate) number: &'static str,
    /// Nanoseconds a node; of W6, a row.
    pub(crate) a_node: f64,
}

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("12") {
        return Ok(());
    }
    bench.table.section("12", "Peers; the goal is what our driver takes (W6: a row)", "ns a node");
    let mut ours = Vec::new();
    for subject in subjects::all() {
        if subject.workload.spins {
            work::set_steps(bench.pace.steps(W4));
        }
        let mut contenders = vec![subject.contender(Kind::ByCalls)?];
        contenders.extend(subject.contenders(&OURS)?);
        ours.extend(against(bench, subject.number, &subject.workload, contenders)?);
        work::set_steps(0);
    }
    // Peers without dynamic blocks get a node an item.
    let mut contenders = vec![Contender::sure("by hand, collecting", || collecting(black_box(ITEMS.into())))];
    contenders.extend(dynamic::ours(ITEMS)?);
    ours.extend(against(bench, "W5", &workloads::wide(ITEMS as usize), contenders)?);
    if !peers::BUILT {
        bench.table.open(
            "12",
            "`--features peers` before `--bench` builds the peers, and puts them into this table",
        );
    }
    ours.push(Ours {
        number: "W6",
        a_node: columns::driver_by_value(bench)?.median() / count(columns::ROWS),
    });
    python::run(bench, &ours)
}

/// The first contender is by hand; any others are ours.
fn against(
    bench: &mut Bench,
    number: &'static str,
    workload: &Workload,
    mut contenders: Vec<Contender<'static>>,
) -> Result<Option<Ours>, Failure> {
    let (peers, left_out) = peers::on(workload, workload.value());
    let own = contenders.len();
    let mut nodes = vec![workload.nodes.len(); own];
    for peer in peers {
        contenders.push(peer.contender);
        nodes.push(peer.nodes);
    }
    let times = race(bench.options.effort, &mut contenders)?;
    let (mine, theirs) = times.split_at(own);
    let best = mine.iter().skip(1).min_by(|one, other| one.median().total_cmp(&other.median()));
    let a_node = |times: &Times, nodes: usize| times.median() / count(nodes);
    for (times, nodes) in mine.iter().zip(&nodes) {
        bench.table.row(&format!("{number} {}", times.name), a_node(times, *nodes));
    }
    let ours = best.map(|best| Ours { number, a_node: a_node(best, workload.nodes.len()) });
    for (times, nodes) in theirs.iter().zip(&nodes[own..]) {
        compare(bench, &format!("{number} {}", times.name), a_node(times, *nodes), ours.as_ref());
    }
    for line in left_out {
        bench.table.note(&format!("{number} {line}"));
    }
    Ok(ours)
}

/// A row of a peer: the goal is that it takes as long as we do, or longer.
pub(crate) fn compare(bench: &mut Bench, what: &str, measured: f64, ours: Option<&Ours>) {
    match ours {
        Some(ours) => {
            let remark = format!("{} times ours", Number(measured / ours.a_node));
            bench.table.goal_with(what, Goal::AtLeast(ours.a_node), measured, &remark);
        }
        None => bench.table.row(what, measured),
    }
}
