//! `taskflowrs`: closures without arguments; values are the caller's affair.

use std::sync::Arc;
use std::time::Instant;

use millstream_benches::measure::{Contender, Failure};
use millstream_benches::workloads::Workload;
use taskflowrs::{Executor, Taskflow};

use super::Peer;
use super::support::Slots;
use crate::THREADS;

/// Adding an edge takes time in proportion to the nodes that are there: more than these cannot be built in time.
const MOST_NODES: usize = 2_000;

pub(super) fn enter(workload: &Workload) -> Result<Option<Peer>, Failure> {
    let tasks = workload.tasks(usize::MAX);
    if tasks.len() > MOST_NODES {
        return Ok(None);
    }
    let slots = Arc::new(Slots::of(&tasks));
    let contender = Contender::timed("", {
        let tasks = tasks.clone();
        // A graph runs once.
        move || {
            let mut taskflow = Taskflow::new();
            let mut handles = Vec::with_capacity(tasks.len());
            for (index, task) in tasks.iter().enumerate() {
                let (slots, own) = (Arc::clone(&slots), task.clone());
                let handle = taskflow.emplace(move || slots.run(index, &own));
                for need in &task.needs {
                    handle.succeed(&handles[*need]);
                }
                handles.push(handle);
            }
            let mut executor = Executor::new(THREADS);
            let start = Instant::now();
            executor.run(&taskflow).wait();
            Ok((slots.last(), start.elapsed()))
        }
    });
    Ok(Some(Peer::new(&tasks, contender)))
}
