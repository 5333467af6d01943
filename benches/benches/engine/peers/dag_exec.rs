//! `dag_exec`: closures over `Arc`s by key, on the calling thread and on threads of its own.

use std::convert::Infallible;
use std::sync::Arc;

use dag_exec::{Dag, DagBuilder, Executor, ExecutorConfig};
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;
use crate::THREADS;

type Graph = Dag<usize, u64, Infallible>;

pub(super) fn sequential(workload: &Workload) -> Result<Option<Peer>, Failure> {
    enter(workload, |executor, graph, last| Ok(*executor.run_sequential(graph, [last])?[&last]))
}

pub(super) fn parallel(workload: &Workload) -> Result<Option<Peer>, Failure> {
    enter(workload, |executor, graph, last| Ok(*executor.run_parallel(graph, [last])?[&last]))
}

fn enter(
    workload: &Workload,
    run: fn(&Executor, &Graph, usize) -> Result<u64, Failure>,
) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    let mut builder = DagBuilder::new();
    for (index, task) in tasks.iter().enumerate() {
        let kernel = task.kernel;
        builder.add_task(index, task.needs.clone(), move |needs: &[Arc<u64>]| {
            Ok(kernel.value(needs.iter().map(|need| **need)))
        })?;
    }
    let graph = builder.build()?;
    let executor = Executor::new(ExecutorConfig { max_workers: THREADS, ..ExecutorConfig::default() });
    let last = tasks.len() - 1;
    let contender = Contender::new("", move || run(&executor, &graph, last));
    Ok(Some(Peer::new(&tasks, contender)))
}
