//! On a rayon pool: a task runs as soon as what it waits for is done.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::Scope;

use super::schedule::Timing;
use super::store::Store;
use super::task::{Context, Done, Scratch};

struct Shared<'r> {
    context: &'r Context<'r>,
    store: &'r Store,
    /// For each task for how many others it still waits.
    waits: Vec<AtomicU32>,
    timings: Vec<OnceLock<Timing>>,
}

pub(crate) fn run(context: &Context<'_>, store: &Store) -> Vec<Option<Timing>> {
    let tasks = &context.plan.tasks;
    let timed = if context.begin.is_some() { tasks.len() } else { 0 };
    let shared = Shared {
        context,
        store,
        waits: tasks.iter().map(|task| AtomicU32::new(task.waits)).collect(),
        timings: (0..timed).map(|_| OnceLock::new()).collect(),
    };
    let ready: Vec<usize> = (0..tasks.len()).filter(|rank| tasks[*rank].waits == 0).collect();
    rayon::scope(|scope| {
        // The last one spawned is the first that this thread takes up.
        for rank in ready.into_iter().rev() {
            let shared = &shared;
            scope.spawn(move |scope| run_from(shared, scope, rank));
        }
    });
    shared.timings.into_iter().map(OnceLock::into_inner).collect()
}

/// Runs a task, then the first that waited for nothing else, and so on; the others are left to the pool. It is a
/// loop, so the stack does not grow with the graph.
fn run_from<'r>(shared: &'r Shared<'r>, scope: &Scope<'r>, rank: usize) {
    let context = shared.context;
    let mut scratch = Scratch::default();
    let mut next = Some(rank);
    while let Some(rank) = next.take() {
        // What waits for a task that has failed, or is not run, has a higher rank than that: it need not run.
        if context.failures.stop(rank) {
            continue;
        }
        let done = context.run(rank, &mut scratch, |slot| shared.store.slot(slot).fetch());
        let Some(Done { timing }) = done else { continue };
        for (node, value) in scratch.made.drain(..) {
            shared.store.slot(node).keep(value);
        }
        if let (Some(timing), Some(cell)) = (timing, shared.timings.get(rank)) {
            let _ = cell.set(timing);
        }
        for waiting in context.plan.waiting_for(&context.plan.tasks[rank]) {
            let waiting = *waiting as usize;
            if shared.waits[waiting].fetch_sub(1, Ordering::AcqRel) == 1 {
                if next.is_none() {
                    next = Some(waiting);
                } else {
                    scope.spawn(move |scope| run_from(shared, scope, waiting));
                }
            }
        }
    }
}
