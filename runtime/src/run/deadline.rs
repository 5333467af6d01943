//! Runs that may take only so long.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind};

use super::job::Job;
use super::policy::Handover;

/// Lets a job be done on a thread of its own, and waits for it as long as it may take. What runs then is let
/// finish, there, and nothing else is begun.
pub(crate) fn within(
    limit: Duration,
    job: Job,
    go: impl FnOnce(Job) -> Job + Send + 'static,
) -> Result<Job, Error> {
    let log = Arc::clone(&job.log);
    let handover = Arc::new(Handover::new());
    let theirs = Arc::clone(&handover);
    let thread = std::thread::Builder::new().spawn(move || drop(theirs.give(go(job))));
    if let Err(error) = thread {
        let problem = format!("no thread could be had for the run, whose time is limited: {error}");
        return Err(Error::one(ErrorKind::TimedOut, problem));
    }
    handover.wait(limit, || {
        // First, for a node that is told of the end may be done at once.
        let error = log.out_of_time(limit);
        log.halt.end();
        error
    })
}
