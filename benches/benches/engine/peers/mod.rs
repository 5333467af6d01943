//! Goal 12: the peers, each in a file of its own, on the same graphs in the same run.

mod async_dag;
mod dag_exec;
mod dagex;
mod dagrs;
mod dagx;
mod fn_graph;
mod moongraph;
mod operese_dagx;
mod taskflowrs;

use std::sync::atomic::{AtomicU64, Ordering};

use millstream_benches::interpret::Task;
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;
use tokio::runtime::{Builder, Runtime};

use crate::THREADS;

/// A peer on one workload.
pub(crate) struct Peer {
    /// Who runs it.
    pub(crate) contender: Contender<'static>,
    /// Nodes that it runs: more than there are where it adds up many in several steps.
    pub(crate) nodes: usize,
}

/// Makes a peer ready for a workload; nothing if it has no way to express it.
type Enter = fn(&Workload) -> Result<Option<Peer>, Failure>;

/// All of them. To leave one out take its line away.
const PEERS: [(&str, Enter); 12] = [
    ("fn_graph 0.18, iterator", fn_graph::enter),
    ("async_dag 0.1", async_dag::enter),
    ("dag_exec 0.1, sequential", dag_exec::sequential),
    ("dag_exec 0.1, parallel", dag_exec::parallel),
    ("operese-dagx 0.4, one thread", operese_dagx::one_thread),
    ("operese-dagx 0.4, tokio", operese_dagx::tokio),
    ("dagx 0.3, tokio", dagx::enter),
    ("taskflowrs 0.1", taskflowrs::enter),
    ("dagrs 0.9, tokio", dagrs::enter),
    ("dagex 2026.23, sequential", dagex::sequential),
    ("dagex 2026.23, parallel", dagex::parallel),
    ("moongraph 0.4", moongraph::enter),
];

/// The peers that can run the workload, each of which has computed what is expected; and why others cannot.
pub(crate) fn on(workload: &Workload, expected: u64) -> (Vec<Peer>, Vec<String>) {
    let (mut peers, mut left_out) = (Vec::new(), Vec::new());
    for (name, enter) in PEERS {
        match entered(workload, expected, enter) {
            Ok(Some(mut peer)) => {
                peer.contender.name = name.to_owned();
                peers.push(peer);
            }
            Ok(None) => {}
            Err(error) => left_out.push(format!("{name} is left out: {error}")),
        }
    }
    (peers, left_out)
}

fn entered(workload: &Workload, expected: u64, enter: Enter) -> Result<Option<Peer>, Failure> {
    let mut peer = enter(workload)?;
    if let Some(peer) = &mut peer {
        peer.contender.check(&expected)?;
    }
    Ok(peer)
}

impl Peer {
    fn new(tasks: &[Task], contender: Contender<'static>) -> Self {
        Self { contender, nodes: tasks.len() }
    }
}

/// Where peers that pass no values between nodes leave theirs.
struct Slots(Vec<AtomicU64>);

impl Slots {
    fn of(tasks: &[Task]) -> Self {
        Self(tasks.iter().map(|_| AtomicU64::new(0)).collect())
    }

    /// The scheduler puts a node behind what it needs, and with that orders these accesses.
    fn run(&self, index: usize, task: &Task) {
        let needs = task.needs.iter().map(|need| self.0[*need].load(Ordering::Relaxed));
        self.0[index].store(task.kernel.value(needs), Ordering::Relaxed);
    }

    fn last(&self) -> u64 {
        self.0.last().map_or(0, |slot| slot.load(Ordering::Relaxed))
    }
}

fn tokio_runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_multi_thread().worker_threads(THREADS).build()?)
}
