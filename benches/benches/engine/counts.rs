//! Goals 1 and 2: instructions a node, as callgrind counts them. It runs this program again, with one contender.

use std::env;
use std::hint::black_box;
use std::process::Command;

use millstream_benches::measure::{Contender, Failure, count};
use millstream_benches::options::OnlyRun;
use millstream_benches::small;
use millstream_benches::subjects::{self, FIRST_RUN, Kind};
use millstream_benches::table::Goal;

use crate::{Bench, building};

/// Those whose instructions are counted; threads are not, for waiting is counted too.
const COUNTED: [Kind; 4] = [Kind::ByHand, Kind::ByCalls, Kind::Entry, Kind::Sequential];
/// The graph of ten nodes, as an argument.
const TEN_NODES: &str = "ten nodes";
/// Runs less one: what they take more than one run takes is what a run takes.
const RUNS: usize = 20;

pub(crate) fn run(bench: &mut Bench) -> Result<(), Failure> {
    if !bench.options.wants("1") && !bench.options.wants("2") {
        return Ok(());
    }
    let table = &mut bench.table;
    table.section("1", "Instructions, one thread", "a node");
    if Command::new("valgrind").arg("--version").output().is_err() {
        table.open("1 and 2 (instructions)", "`valgrind` counts them; it is not installed");
        return Ok(());
    }
    for number in ["W1", "W2", "W3"] {
        let mut by_hand = f64::NAN;
        for kind in COUNTED {
            let instructions = instructions_a_node(number, kind.name())?;
            let what = format!("{number} {}", kind.name());
            match kind {
                Kind::Sequential => table.goal(&what, Goal::AtMost(40.0), instructions),
                Kind::Entry => {
                    table.row(&what, instructions);
                    let what = format!("{what}, against by hand, inlined");
                    table.goal(&what, Goal::AtMost(1.02), instructions / by_hand);
                }
                _ => table.row(&what, instructions),
            }
            if kind == Kind::ByHand {
                by_hand = instructions;
            }
            // In a hurry, that one can be counted says that all can.
            if bench.options.quick {
                return Ok(());
            }
        }
        let (first, later) =
            (instructions_a_node(number, FIRST_RUN)?, instructions_a_node(number, Kind::Sequential.name())?);
        table.row(&format!("{number} driver and first run, less a later run"), first - later);
    }
    // Not of W5: a block looks at the clock to see how many items to take at once, and callgrind is slow.
    let name = Kind::Sequential.name();
    table.row(
        &format!("{TEN_NODES}, {name}, inputs and outputs included"),
        instructions_a_node(TEN_NODES, name)?,
    );
    Ok(())
}

fn instructions_a_node(workload: &str, contender: &str) -> Result<f64, Failure> {
    let (_, nodes) = find(workload, contender)?;
    let (one, many) = (instructions(workload, contender, 1)?, instructions(workload, contender, RUNS + 1)?);
    Ok((many - one) / count(RUNS * nodes))
}

fn instructions(workload: &str, contender: &str, runs: usize) -> Result<f64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["--only-run", &runs.to_string(), workload, contender])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, number)) if output.status.success() => Ok(number.trim().parse()?),
        _ => Err(format!("callgrind counts nothing: {said}").into()),
    }
}

/// Runs one contender and nothing else.
pub(crate) fn only_run(only: &OnlyRun) -> Result<(), Failure> {
    let (mut contender, _) = find(&only.workload, &only.contender)?;
    for _ in 0..only.runs {
        black_box(contender.run()?);
    }
    Ok(())
}

/// The contender of this name, and how many nodes it runs.
fn find(workload: &str, name: &str) -> Result<(Contender<'static>, usize), Failure> {
    let found = match (workload, subjects::find(workload)) {
        (_, Some(subject)) => {
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
            let contender = match kind {
                Some(kind) => Some(subject.contender(kind)?),
                None => (name == FIRST_RUN).then(|| subject.first_run()),
            };
            contender.map(|contender| (contender, subject.workload.nodes.len()))
        }
        (TEN_NODES, None) => building::ten_nodes()?
            .into_iter()
            .find(|contender| contender.name == name)
            .map(|contender| (contender, small::NODES)),
        (_, None) => None,
    };
    found.ok_or_else(|| format!("there is no `{name}` for {workload}").into())
}
