//! A run that is a future. Nodes that wait do so together, without a thread; those that compute do it on the rayon
//! pool, but for cheap ones, which are done on the way. Whoever polls the run is never held up for long.
//!
//! Dropping the future ends the run: what waits is dropped, what is being computed is let finish and dropped then, and
//! nothing else begins.

mod drive;
mod host;
mod place;
mod task;
mod tended;
pub(crate) mod timer;
mod waits;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::driver::{Core, Settings};
use crate::error::Error;
use crate::memory::Shared;
use crate::sync;

use super::job::{Job, Log};
use super::plan::Plan;

pub(crate) use host::{in_context, may_wait};
pub(crate) use task::in_time;
pub(crate) use tended::Tended;
pub(crate) use waits::Waits;

use drive::Drive;

/// What a run works with.
struct Work {
    shared: sync::Arc<Shared>,
    log: Arc<Log>,
}

/// Runs a job.
///
/// # Errors
/// Where it takes longer than it may. What is being computed then is let finish by itself.
pub(crate) async fn run(settings: Settings, mut job: Job) -> Result<Job, Error> {
    let shared = sync::Arc::new(Shared::new(job.take_instance()));
    let log = Arc::clone(&job.log);
    let work = Arc::new(Work { shared: sync::Arc::clone(&shared), log: Arc::clone(&log) });
    let drive = Drive::new(settings.executor, work);
    let drive = if log.tells_of_tasks() {
        Either::Left(Tended::new(log.halt.clone(), drive))
    } else {
        Either::Right(drive)
    };
    within(settings.deadline, drive, |limit| log.out_of_time(limit)).await?;
    log.end();
    shared.close();
    if let Some(rest) = Shared::take(&shared) {
        job.give_back(rest);
    }
    Ok(job)
}

/// Waits as long as a run may take. It is dropped only after it was said what became of it.
async fn within(
    limit: Option<Duration>,
    drive: impl Future<Output = ()> + Unpin,
    late: impl FnOnce(Duration) -> Error,
) -> Result<(), Error> {
    let Some(limit) = limit else {
        drive.await;
        return Ok(());
    };
    match select(drive, timer::sleep(limit)).await {
        Either::Left(_) => Ok(()),
        Either::Right(((), drive)) => {
            let error = late(limit);
            drop(drive);
            Err(error)
        }
    }
}

/// Waits for a run on this thread.
///
/// # Errors
/// Where that would hold up others that wait on this thread, too.
pub(crate) fn wait_for<T>(core: &Core, plan: &Plan, run: impl Future<Output = T>) -> Result<T, Error> {
    if host::is_shared() { Err(host::refused(core, plan)) } else { host::block_on(run) }
}
