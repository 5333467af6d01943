//! Goals 1 and 2: instructions a node, as callgrind counts them. It runs this program again, with one contender.

use std::env;
use std::hint::black_box;
use std::process::Command;

use millstream_benches::measure::{Failure, count};
use millstream_benches::options::OnlyRun;
use millstream_benches::subjects::{self, Kind, Subject};
use millstream_benches::table::Goal;

use crate::Bench;

/// Those whose instructions are counted; threads are not, for waiting is counted too.
const COUNTED: [Kind; 4] = [Kind::ByHand, Kind::ByCalls, Kind::Entry, Kind::Sequential];
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
        let Some(subject) = subjects::find(number) else { continue };
        let mut by_hand = f64::NAN;
        for kind in COUNTED {
            let instructions = instructions_a_node(&subject, kind)?;
            let what = format!("{number} {}", kind.name());
            if kind == Kind::ByHand {
                by_hand = instructions;
            }
            match kind {
                Kind::Sequential => table.goal(&what, Goal::AtMost(40.0), instructions),
                Kind::Entry => {
                    table.row(&what, instructions);
                    let what = format!("{what}, against by hand, inlined");
                    table.goal(&what, Goal::AtMost(1.02), instructions / by_hand);
                }
                _ => table.row(&what, instructions),
            }
            // In a hurry, that one can be counted says that all can.
            if bench.options.quick {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn instructions_a_node(subject: &Subject, kind: Kind) -> Result<f64, Failure> {
    let (one, many) = (instructions(subject, kind, 1)?, instructions(subject, kind, RUNS + 1)?);
    Ok((many - one) / count(RUNS * subject.workload.nodes.len()))
}

fn instructions(subject: &Subject, kind: Kind, runs: usize) -> Result<f64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["--only-run", &runs.to_string(), subject.number, kind.name()])
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
    let subject = subjects::find(&only.workload);
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == only.contender);
    let (Some(subject), Some(kind)) = (subject, kind) else {
        return Err(format!("there is no `{}` for {}", only.contender, only.workload).into());
    };
    let mut contender = subject.contender(kind)?;
    for _ in 0..only.runs {
        black_box(contender.run()?);
    }
    Ok(())
}
