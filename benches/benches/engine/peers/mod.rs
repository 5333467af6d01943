//! Goal 12: the peers, each in a file of its own, on the same graphs in the same run.
#![allow(clippy::unnecessary_wraps, reason = "all peers are made in one way, and some cannot fail")]
#![allow(
    clippy::many_single_char_names,
    clippy::too_many_arguments,
    reason = "nodes of eight inputs without names"
)]

#[cfg(feature = "peers")]
mod async_dag;
#[cfg(feature = "peers")]
mod dag_exec;
#[cfg(feature = "peers")]
mod dagex;
#[cfg(feature = "peers")]
mod dagrs;
#[cfg(feature = "peers")]
mod dagx;
#[cfg(feature = "peers")]
mod fn_graph;
#[cfg(feature = "peers")]
mod moongraph;
#[cfg(feature = "peers")]
mod operese_dagx;
#[cfg(feature = "peers")]
mod support;
#[cfg(feature = "peers")]
mod taskflowrs;

use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

/// Whether they are there.
pub(crate) const BUILT: bool = cfg!(feature = "peers");

/// A peer on one workload.
pub(crate) struct Peer {
    /// Who runs it.
    pub(crate) contender: Contender<'static>,
    /// Nodes that it runs: more than there are where it adds up many in several steps.
    pub(crate) nodes: usize,
}

/// Makes a peer ready for a workload; nothing if it has no way to express it.
type Enter = fn(&Workload) -> Result<Option<Peer>, Failure>;

type Named = (&'static str, Enter);

/// Those whose nodes are functions. To leave one out take its line away.
#[cfg(feature = "peers")]
const OF_FUNCTIONS: &[Named] = &[
    ("fn_graph 0.18, iterator", fn_graph::enter),
    ("dag_exec 0.1, sequential", dag_exec::sequential),
    ("dag_exec 0.1, parallel", dag_exec::parallel),
    ("taskflowrs 0.1", taskflowrs::enter),
    ("dagex 2026.23, sequential", dagex::sequential),
    ("dagex 2026.23, parallel", dagex::parallel),
    ("moongraph 0.4", moongraph::enter),
];
/// Those whose nodes are futures.
#[cfg(feature = "peers")]
const OF_FUTURES: &[Named] = &[
    ("async_dag 0.1", async_dag::enter),
    ("operese-dagx 0.4, one thread", operese_dagx::one_thread),
    ("operese-dagx 0.4, tokio", operese_dagx::tokio),
    ("dagx 0.3, tokio", dagx::enter),
    ("dagrs 0.9, tokio", dagrs::enter),
];
#[cfg(not(feature = "peers"))]
const OF_FUNCTIONS: &[Named] = &[];
#[cfg(not(feature = "peers"))]
const OF_FUTURES: &[Named] = &[];

/// The peers that can run the workload, each of which has computed what is expected; and why others cannot.
pub(crate) fn on(workload: &Workload, expected: u64) -> (Vec<Peer>, Vec<String>) {
    // Where nodes are futures anyway, who has only functions does not compare.
    let functions = if workload.waits { &[] } else { OF_FUNCTIONS };
    let (mut peers, mut left_out) = (Vec::new(), Vec::new());
    for (name, enter) in functions.iter().chain(OF_FUTURES) {
        match entered(workload, expected, *enter) {
            Ok(Some(mut peer)) => {
                (*name).clone_into(&mut peer.contender.name);
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
