//! The peers in Python: a script of its own, which is given the same graphs.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use millstream_benches::measure::Failure;
use millstream_benches::workloads::{self, Workload};

use crate::Bench;
use crate::columns::ROWS;
use crate::dynamic::ITEMS;
use crate::rivals::{Ours, compare};

/// What it takes to run the script.
const MODULES: &str = "import hamilton, dask, numpy";
/// Items of a dynamic block in Hamilton: more take more than in proportion.
const HAMILTON_ITEMS: usize = 1_000;

pub(crate) fn run(bench: &mut Bench, ours: &[Ours]) -> Result<(), Failure> {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let there = Command::new(&python).args(["-c", MODULES]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        bench.table.note(
            "Hamilton and dask: `pip install sf-hamilton dask` where `python3` finds them; `PYTHON` names another one",
        );
        return Ok(());
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/peers.py");
    let mut child = Command::new(&python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(request(bench.options.quick).as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{python} python/peers.py failed").into());
    }
    for line in String::from_utf8(output.stdout)?.lines() {
        let [workload, who, nanoseconds, nodes] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("python/peers.py says {line}").into());
        };
        let a_node = nanoseconds.parse::<f64>()? / nodes.parse::<f64>()?;
        let ours = ours.iter().find(|ours| ours.number == workload);
        compare(bench, &format!("{workload} {who}"), a_node, ours);
    }
    Ok(())
}

/// Numbers and lists look the same in JSON and in Rust.
fn request(quick: bool) -> String {
    let (rounds, workloads, items, rows) = if quick {
        (1, vec![("W1", workloads::chain(20))], 20, 1_000)
    } else {
        let all = vec![
            ("W1", workloads::chain(1_000)),
            ("W2", workloads::wide(1_000)),
            ("W3", workloads::layered(50, 20)),
            ("W5", workloads::wide(ITEMS as usize)),
        ];
        (3, all, HAMILTON_ITEMS, ROWS)
    };
    let text = |(name, workload): &(&str, Workload)| {
        format!(
            "{{\"name\": \"{name}\", \"expected\": {}, \"nodes\": {:?}}}",
            workload.value(),
            workload.nodes
        )
    };
    let workloads: Vec<String> = workloads.iter().map(text).collect();
    format!(
        "{{\"rounds\": {rounds}, \"items\": {items}, \"rows\": {rows}, \"workloads\": [{}]}}",
        workloads.join(", ")
    )
}
