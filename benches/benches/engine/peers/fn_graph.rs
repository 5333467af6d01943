//! `fn_graph` walks functions in topological order; values are the caller's affair.

use fn_graph::{DataAccessDyn, FnGraphBuilder, TypeIds};
use millstream_benches::interpret::Task;
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;
use super::support::Slots;

/// When it is built it walks every path. Of more than these it is not built in time, nor in memory.
const MOST_PATHS: u64 = 100_000;

struct Function {
    index: usize,
    task: Task,
}

/// Nothing that the graph would have to keep apart: the edges say everything.
impl DataAccessDyn for Function {
    fn borrows(&self) -> TypeIds {
        TypeIds::new()
    }

    fn borrow_muts(&self) -> TypeIds {
        TypeIds::new()
    }
}

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    if paths(&tasks) > MOST_PATHS {
        return Ok(None);
    }
    let mut builder = FnGraphBuilder::new();
    let mut ids = Vec::with_capacity(tasks.len());
    for (index, task) in tasks.iter().enumerate() {
        ids.push(builder.add_fn(Function { index, task: task.clone() }));
        for need in &task.needs {
            builder.add_logic_edge(ids[*need], ids[index])?;
        }
    }
    let graph = builder.build();
    let slots = Slots::of(&tasks);
    let contender = Contender::sure("", move || {
        for function in graph.iter() {
            slots.run(function.index, &function.task);
        }
        slots.last()
    });
    Ok(Some(Peer::new(&tasks, contender)))
}

/// Paths from any start to any node.
fn paths(tasks: &[Task]) -> u64 {
    let mut to: Vec<u64> = Vec::with_capacity(tasks.len());
    for task in tasks {
        let paths = task.needs.iter().map(|need| to[*need]).fold(0, u64::saturating_add);
        to.push(paths.max(1));
    }
    to.into_iter().fold(0, u64::saturating_add)
}
