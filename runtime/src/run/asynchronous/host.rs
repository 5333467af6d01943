//! Who polls a run that somebody waits for with a whole thread.

use std::cell::Cell;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use crate::driver::Core;
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::run::needs::listed;
use crate::run::plan::{Plan, TaskKind};

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

thread_local! {
    /// Whether this thread is there to wait.
    static WAITS: Cell<bool> = const { Cell::new(false) };
}

/// Does something that may have to wait on a thread of its own, with the timers and so on of this one.
pub(super) fn on_a_thread(go: impl FnOnce() + Send + 'static) {
    let guest = Guest::here();
    let go = move || {
        guest.with(|| {
            let before = WAITS.replace(true);
            go();
            WAITS.set(before);
        });
    };
    let go = Arc::new(Mutex::new(Some(go)));
    let run = {
        let go = Arc::clone(&go);
        move || {
            let go = go.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(go) = go {
                go();
            }
        }
    };
    // Where there are no threads any more, one of the pool has to wait.
    if std::thread::Builder::new().name("millstream-wait".to_owned()).spawn(run.clone()).is_err() {
        rayon::spawn(run);
    }
}

/// Whether others wait on this thread, too, that would be held up if it waited.
pub(super) fn is_shared() -> bool {
    is_inside() && !WAITS.get()
}

/// Does something on a thread that may wait, with timers and input and output as futures need them.
pub(crate) fn in_context<R>(run: impl FnOnce() -> R) -> R {
    let before = WAITS.replace(true);
    let result = entered(run);
    WAITS.set(before);
    result
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

#[cfg(feature = "tokio")]
mod tokio_host {
    use std::sync::OnceLock;

    use tokio::runtime::{Builder, Handle, Runtime};

    use super::{Error, ErrorKind, Future};

    /// Whether this thread belongs to a runtime.
    pub(crate) fn is_inside() -> bool {
        Handle::try_current().is_ok()
    }

    /// The runtime of a thread, for another thread that has to wait for futures.
    #[derive(Clone)]
    pub(crate) struct Guest(Option<Handle>);

    impl Guest {
        /// Of this thread.
        pub(crate) fn here() -> Self {
            Self(Handle::try_current().ok())
        }

        /// Does something with the timers and so on of that runtime.
        pub(crate) fn with<R>(&self, run: impl FnOnce() -> R) -> R {
            let _entered = self.0.as_ref().map(Handle::enter);
            run()
        }
    }

    /// One of ours, for those who have none.
    fn runtime() -> &'static Result<Runtime, String> {
        static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
        RUNTIME.get_or_init(|| {
            let runtime = Builder::new_multi_thread().thread_name("millstream").enable_all().build();
            runtime.map_err(|error| error.to_string())
        })
    }

    /// Does something with timers and input and output as tokio has them.
    pub(super) fn entered<R>(run: impl FnOnce() -> R) -> R {
        let runtime = if is_inside() { None } else { runtime().as_ref().ok() };
        let _entered = runtime.map(Runtime::enter);
        run()
    }

    /// Waits for a future in such a context.
    pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Error> {
        match runtime() {
            Ok(runtime) => Ok(runtime.block_on(future)),
            Err(why) => {
                let problem = format!(
                    "tokio could not be started: {why}; start it yourself, and use `execute_async` inside"
                );
                Err(Error::one(ErrorKind::Request, problem))
            }
        }
    }
}

#[cfg(not(feature = "tokio"))]
mod plain_host {
    use super::{Error, Future};

    /// Nobody knows.
    pub(crate) fn is_inside() -> bool {
        false
    }

    /// Nothing: what futures need they have to bring.
    #[derive(Clone)]
    pub(crate) struct Guest;

    impl Guest {
        pub(crate) fn here() -> Self {
            Self
        }

        #[allow(clippy::unused_self, reason = "with tokio it has a runtime")]
        pub(crate) fn with<R>(&self, run: impl FnOnce() -> R) -> R {
            run()
        }
    }

    /// Does something; timers and the like are its own affair.
    pub(super) fn entered<R>(run: impl FnOnce() -> R) -> R {
        run()
    }

    /// Waits for a future, of which the same holds.
    #[allow(clippy::unnecessary_wraps, reason = "with tokio it may fail")]
    pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Error> {
        Ok(crate::wait::block_on(future))
    }
}

#[cfg(not(feature = "tokio"))]
pub(super) use plain_host::block_on;
#[cfg(not(feature = "tokio"))]
use plain_host::{Guest, entered, is_inside};
#[cfg(feature = "tokio")]
pub(super) use tokio_host::block_on;
#[cfg(feature = "tokio")]
use tokio_host::{Guest, entered, is_inside};
