//! `dagx`: typed async tasks of up to eight inputs, as tasks of tokio.

use std::time::Instant;

use dagx::{DagRunner, Task, TaskHandle, task};
use millstream_benches::interpret::{Kernel, Task as Node};
use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;

use super::Peer;
use super::support::tokio_runtime;

/// The most inputs that a task can have.
const MOST: usize = 8;

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let nodes = workload.tasks(MOST);
    let runtime = tokio_runtime()?;
    let contender = Contender::timed("", {
        let nodes = nodes.clone();
        // A graph runs once.
        move || {
            let (dag, last) = build(&nodes)?;
            let start = Instant::now();
            runtime.block_on(dag.run(|future| drop(tokio::spawn(future))))?;
            let value = dag.get(last)?;
            Ok((value, start.elapsed()))
        }
    });
    Ok(Some(Peer::new(&nodes, contender)))
}

macro_rules! tasks {
    ($($name:ident($($arg:ident),*))*) => {$(
        struct $name(Kernel);

        #[task]
        impl $name {
            async fn run(&self, $($arg: &u64),*) -> u64 {
                self.0.value([$(*$arg),*].into_iter())
            }
        }
    )*};
}

tasks! {
    T0()
    T1(a)
    T2(a, b)
    T3(a, b, c)
    T4(a, b, c, d)
    T5(a, b, c, d, e)
    T6(a, b, c, d, e, f)
    T7(a, b, c, d, e, f, g)
    T8(a, b, c, d, e, f, g, h)
}

fn build(nodes: &[Node]) -> Result<(DagRunner, TaskHandle<u64>), Failure> {
    let dag = DagRunner::new();
    let mut handles: Vec<TaskHandle<u64>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (kernel, all) = (node.kernel, &handles);
        let handle = match node.needs[..] {
            [] => dag.add_task(T0(kernel)).into(),
            [a] => dag.add_task(T1(kernel)).depends_on(all[a]),
            [a, b] => dag.add_task(T2(kernel)).depends_on((&all[a], &all[b])),
            [a, b, c] => dag.add_task(T3(kernel)).depends_on((&all[a], &all[b], &all[c])),
            [a, b, c, d] => dag.add_task(T4(kernel)).depends_on((&all[a], &all[b], &all[c], &all[d])),
            [a, b, c, d, e] => {
                dag.add_task(T5(kernel)).depends_on((&all[a], &all[b], &all[c], &all[d], &all[e]))
            }
            [a, b, c, d, e, f] => {
                dag.add_task(T6(kernel)).depends_on((&all[a], &all[b], &all[c], &all[d], &all[e], &all[f]))
            }
            [a, b, c, d, e, f, g] => dag
                .add_task(T7(kernel))
                .depends_on((&all[a], &all[b], &all[c], &all[d], &all[e], &all[f], &all[g])),
            [a, b, c, d, e, f, g, h] => dag
                .add_task(T8(kernel))
                .depends_on((&all[a], &all[b], &all[c], &all[d], &all[e], &all[f], &all[g], &all[h])),
            _ => return Err("more than eight inputs".into()),
        };
        handles.push(handle);
    }
    let last = handles.pop().ok_or("no nodes")?;
    Ok((dag, last))
}
