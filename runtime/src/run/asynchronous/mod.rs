//! A run that is a future. Nodes that wait do so together, without a thread; those that compute do it on the rayon
//! pool, but for cheap ones, which are done on the way. Whoever polls the run is never held up for long.
//!
//! Dropping the future ends the run: what waits is dropped, what is being computed is let finish and dropped then, and
//! nothing else begins.

mod drive;
mod host;
mod task;
pub(crate) mod timer;
mod waits;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::driver::Settings;
use crate::error::Error;
use crate::memory::Shared;

use super::job::{Job, Log};

pub(crate) use host::{in_context, may_wait};
pub(crate) use task::in_time;
pub(crate) use waits::Waits;

use drive::Drive;

/// What a run works with.
struct Work {
    shared: Arc<Shared>,
    log: Arc<Log>,
}

/// Runs a job.
///
/// # Errors
/// Where it takes longer than it may. What is being computed then is let finish by itself.
pub(crate) async fn run(settings: Settings, mut job: Job) -> Result<Job, Error> {
    let shared = Arc::new(Shared::new(job.take_instance()));
    let work = Arc::new(Work { shared: Arc::clone(&shared), log: Arc::clone(&job.log) });
    let mut drive = Drive::new(settings.executor, work);
    let mut late = settings.deadline.map(timer::sleep);
    let is_late = poll_fn(|context| {
        if drive.poll(context).is_ready() {
            return Poll::Ready(false);
        }
        match &mut late {
            Some(late) => Pin::new(late).poll(context).map(|()| true),
            None => Poll::Pending,
        }
    })
    .await;
    if is_late {
        job.log.halt.end();
    }
    drop(drive);
    if let Some(limit) = settings.deadline.filter(|_| is_late) {
        return Err(job.log.out_of_time(limit));
    }
    job.log.end();
    shared.close();
    if let Some(rest) = shared.take() {
        job.give_back(rest);
    }
    Ok(job)
}

/// The same on this thread, which waits for it.
///
/// # Errors
/// The same, and where it would hold up others that wait on this thread, too.
pub(crate) fn run_here(settings: Settings, job: Job) -> Result<Job, Error> {
    if host::is_shared() {
        return Err(host::refused(&job));
    }
    host::block_on(run(settings, job))?
}
