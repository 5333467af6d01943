//! Which threads may be blocked: not those on which others wait, too, for they would be held up.

use std::cell::Cell;

use crate::driver::Core;
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::run::needs::listed;
use crate::run::plan::{Plan, TaskKind};
use crate::sync::{spawn, thread_local};

use super::host::is_polled;

thread_local! {
    /// Whether what this thread of the pool does would be done on one that is shared if it were cheap.
    static STANDS_IN: Cell<bool> = const { Cell::new(false) };
}

/// Whether others wait on this thread, too. A thread of the pool that stands in for such a one is like it: what a node
/// may do is not to depend on how cheap it is.
pub(super) fn is_shared() -> bool {
    STANDS_IN.with(Cell::get) || is_polled()
}

/// The pool, as it is seen from a thread.
#[derive(Clone, Copy)]
pub(crate) struct Pool {
    is_shared: bool,
}

impl Pool {
    /// From this thread.
    pub(crate) fn here() -> Self {
        Self { is_shared: is_shared() }
    }

    /// Does something there, where it may wait only if it may here.
    pub(crate) fn spawn(self, go: impl FnOnce() + Send + 'static) {
        spawn(move || {
            let before = STANDS_IN.with(|stands_in| stands_in.replace(self.is_shared));
            go();
            STANDS_IN.with(|stands_in| stands_in.set(before));
        });
    }
}

/// That a request is not to wait on this thread.
pub(super) fn refused(core: &Core, plan: &Plan) -> Error {
    let names: Vec<&str> = waiting(plan).into_iter().map(|node| core.graph.data().name(node)).collect();
    let who = match (names.len(), core.hooks.wait()) {
        (0, _) => "hooks wait".to_owned(),
        (1, false) => format!("{} waits", listed(&names)),
        (_, false) => format!("{} wait", listed(&names)),
        (_, true) => format!("{} and hooks wait", listed(&names)),
    };
    let problem = format!(
        "`execute` was called inside an async runtime, which would be blocked while {who}; use `execute_async`"
    );
    Error::one(ErrorKind::Request, problem)
}

/// The nodes that wait, also in blocks.
fn waiting(plan: &Plan) -> Vec<u32> {
    let (mut nodes, mut regions) = (Vec::new(), vec![(&*plan.program, &plan.tasks)]);
    while let Some((program, tasks)) = regions.pop() {
        for (rank, task) in tasks.iter().enumerate() {
            match &task.kind {
                TaskKind::Block(block) => regions.push((block.plan.program(), &block.tasks)),
                _ if program.waits(rank) => nodes.push(task.node),
                _ => {}
            }
        }
    }
    nodes
}

/// Whether this thread may wait for the items of a stream.
///
/// # Errors
/// Where others wait on it, too.
pub(crate) fn may_wait() -> Result<(), Fault> {
    if !is_shared() {
        return Ok(());
    }
    let held_up = "its items come as a stream, and `execute`, which was called inside an async runtime, would block that; use `execute_async`";
    Err(Fault::Misfit(held_up.to_owned()))
}
