//! A run that is a future. Nodes that wait do so together, without a thread; those that compute do it on the rayon
//! pool, but for cheap ones, which are done on the way. Whoever polls the run is never held up for long.
//!
//! Dropping the future ends the run: what waits is dropped, what is being computed is let finish and dropped then, and
//! nothing else begins.

mod ahead;
mod blocking;
mod drive;
mod host;
mod place;
mod task;
mod tended;
pub(crate) mod timer;
mod waits;

use std::future::{Future, poll_fn};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::driver::{Core, Settings};
use crate::error::Error;
use crate::memory::{Rest, Shared};
use crate::sync;

use super::job::Job;
use super::log::Log;
use super::plan::Plan;

pub(crate) use blocking::{Pool, may_wait};
pub(crate) use host::{Host, in_context};
pub(crate) use task::in_time;
pub(crate) use tended::Tended;
pub(crate) use waits::Waits;

use drive::Drive;
use timer::Sleep;

/// What a run works with.
struct Work {
    shared: sync::Arc<Shared>,
    log: Arc<Log>,
    /// Whose runtime what waits finds.
    host: Host,
    /// Where what computes is sent to, once something is.
    pool: OnceLock<Pool>,
}

/// Runs a job.
///
/// # Errors
/// Where it takes longer than it may. What is being computed then is let finish by itself.
pub(crate) async fn run(settings: Settings, host: Host, mut job: Job) -> Result<Job, Error> {
    let log = Arc::clone(&job.log);
    let mut instance = job.take_instance();
    let ahead = poll_fn(|context| Poll::Ready(log.go_ahead(&mut instance, host, context))).await;
    if ahead.is_all(&log.plan) {
        log.end();
        job.give_back(Rest::Own(instance));
        return Ok(job);
    }
    let shared = sync::Arc::new(Shared::new(instance));
    let late = settings.deadline.map(|limit| (limit, timer::sleep(limit)));
    let work = Work { shared: sync::Arc::clone(&shared), log: Arc::clone(&log), host, pool: OnceLock::new() };
    let until = late.as_ref().map(|(_, late)| late.until());
    if let Some(until) = until {
        log.halt.set_until(until);
    }
    let drive = Drive::new(settings.executor, until, Arc::new(work), ahead);
    let drive = if log.tells_of_tasks() {
        Either::Left(Tended::new(log.halt.clone(), drive))
    } else {
        Either::Right(drive)
    };
    if let Err((limit, drive)) = within(late, drive).await {
        // It is dropped only after it was said what became of it.
        let error = log.out_of_time(limit);
        host.with(|| drop(drive));
        return Err(error);
    }
    log.end();
    shared.close();
    if let Some(rest) = Shared::take(&shared) {
        job.give_back(rest);
    }
    Ok(job)
}

/// Waits as long as a run may take. What takes longer is given back, with its limit.
async fn within<D: Future<Output = ()> + Unpin>(
    late: Option<(Duration, Sleep)>,
    drive: D,
) -> Result<(), (Duration, D)> {
    let Some((limit, late)) = late else {
        drive.await;
        return Ok(());
    };
    match select(drive, late).await {
        Either::Left(_) => Ok(()),
        Either::Right(((), drive)) => Err((limit, drive)),
    }
}

/// Waits for a run on this thread.
///
/// # Errors
/// Where that would hold up others that wait on this thread, too.
pub(crate) fn wait_for<T>(core: &Core, plan: &Plan, run: impl Future<Output = T>) -> Result<T, Error> {
    if blocking::is_shared() { Err(blocking::refused(core, plan)) } else { host::block_on(run) }
}
