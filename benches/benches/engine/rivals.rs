//! Goal 12: we are ahead of every peer on every workload.

use millstream_benches::measure::Failure;

use crate::Bench;

#[cfg(not(feature = "peers"))]
pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if bench.options.wants("12") {
        bench.table.section("12", "Peers", "");
        bench.table.note("`--features peers` before `--bench` builds them, and puts them into this table.");
    }
    Ok(())
}

#[cfg(feature = "peers")]
pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("12") {
        return Ok(());
    }
    bench.table.section("12", "Peers; the goal is what our driver takes", "ns a node");
    measured::workloads(bench)
}

#[cfg(feature = "peers")]
mod measured {
    use millstream_benches::measure::{Contender, Failure, Times, count, race};
    use millstream_benches::subjects::{self, Kind};
    use millstream_benches::table::Goal;
    use millstream_benches::work;
    use millstream_benches::workloads::{self, Workload};

    use crate::dynamic::ITEMS;
    use crate::{Bench, peers};

    /// Ours, the better of which a peer is compared with.
    const OURS: [Kind; 2] = [Kind::Sequential, Kind::Rayon];
    /// Nanoseconds of work a node of W4.
    const W4: u32 = 10_000;

    pub(super) fn workloads(bench: &mut Bench) -> Result<(), Failure> {
        for subject in subjects::all() {
            if subject.workload.spins {
                work::set_steps(bench.pace.steps(W4));
            }
            let mut contenders = vec![subject.contender(Kind::ByCalls)?];
            contenders.extend(subject.contenders(&OURS)?);
            against(bench, subject.number, &subject.workload, contenders)?;
            work::set_steps(0);
        }
        let items = workloads::wide(ITEMS);
        let interpreter = items.clone();
        let by_hand = Contender::sure("an interpreter of the graph", move || interpreter.value());
        against(bench, "W5", &items, vec![by_hand])
    }

    /// The first contender is by hand; any others are ours.
    fn against(
        bench: &mut Bench,
        number: &str,
        workload: &Workload,
        mut contenders: Vec<Contender<'static>>,
    ) -> Result<(), Failure> {
        let (peers, left_out) = peers::on(workload, workload.value());
        let own = contenders.len();
        let mut nodes = vec![workload.nodes.len(); own];
        for peer in peers {
            contenders.push(peer.contender);
            nodes.push(peer.nodes);
        }
        let times = race(bench.options.effort, &mut contenders)?;
        let (mine, theirs) = times.split_at(own);
        let ours = mine.iter().skip(1).min_by(|one, other| one.median().total_cmp(&other.median()));
        let a_node = |times: &Times, nodes: usize| times.median() / count(nodes);
        for (times, nodes) in mine.iter().zip(&nodes) {
            bench.table.row(&format!("{number} {}", times.name), a_node(times, *nodes));
        }
        for (times, nodes) in theirs.iter().zip(&nodes[own..]) {
            let (what, measured) = (format!("{number} {}", times.name), a_node(times, *nodes));
            match ours {
                Some(ours) => {
                    let goal = a_node(ours, workload.nodes.len());
                    let remark = format!("{:.1} times ours", measured / goal);
                    bench.table.goal_with(&what, Goal::AtLeast(goal), measured, &remark);
                }
                None => bench.table.row(&what, measured),
            }
        }
        for line in left_out {
            bench.table.note(&format!("{number} {line}"));
        }
        Ok(())
    }
}
