//! `async_dag`: closures that return futures, up to twelve arguments, on the calling thread.

use std::time::Instant;

use async_dag::{Graph, NodeIndex};
use futures::executor::block_on;
use millstream_benches::interpret::{Kernel, Task};
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;

/// The most that a sum takes at once.
const MOST: usize = 8;

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(MOST);
    let contender = Contender::timed("", {
        let tasks = tasks.clone();
        // A graph runs once.
        move || {
            let mut graph = Graph::new();
            let mut ids = Vec::with_capacity(tasks.len());
            for task in &tasks {
                let id = add(&mut graph, task);
                for (need, position) in task.needs.iter().zip(0..) {
                    graph
                        .update_dependency(ids[*need], id, position)
                        .map_err(|error| format!("{error:?}"))?;
                }
                ids.push(id);
            }
            let start = Instant::now();
            block_on(graph.run());
            let elapsed = start.elapsed();
            let last = ids.last().and_then(|id| graph.get_value(*id)).ok_or("no value")?;
            Ok((last, elapsed))
        }
    });
    Ok(Some(Peer::new(&tasks, contender)))
}

macro_rules! closure {
    ($graph:expr, $kernel:expr, $($arg:ident)*) => {{
        let kernel: Kernel = $kernel;
        $graph.add_task(move |$($arg: u64),*| async move { kernel.value([$($arg),*].into_iter()) })
    }};
}

fn add(graph: &mut Graph<'static>, task: &Task) -> NodeIndex {
    match task.needs.len() {
        0 => closure!(graph, task.kernel,),
        1 => closure!(graph, task.kernel, a),
        2 => closure!(graph, task.kernel, a b),
        3 => closure!(graph, task.kernel, a b c),
        4 => closure!(graph, task.kernel, a b c d),
        5 => closure!(graph, task.kernel, a b c d e),
        6 => closure!(graph, task.kernel, a b c d e f),
        7 => closure!(graph, task.kernel, a b c d e f g),
        _ => closure!(graph, task.kernel, a b c d e f g h),
    }
}
