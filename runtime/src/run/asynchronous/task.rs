//! Running one task that waits.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::fault::{Fault, drop_guarded};
use crate::memory::{Claimed, Instance};
use crate::run::fate::Fate;
use crate::run::job::Log;

use super::timer;

impl Log {
    /// Runs the task of a rank as [`run_task`](Self::run_task) does, but without a thread while it waits. It is given up
    /// as soon as it is polled when the run has ended for it.
    pub(super) async fn run_task_async(&self, instance: &Instance, rank: usize) {
        let Some(mut task) = instance.claim(rank) else { return };
        let start = self.since_begin();
        let fate = match self.fate_without(&task, rank) {
            Some(fate) => Some(fate),
            None => self.told_async(&mut task, rank).await,
        };
        self.end_task(task, rank, self.told(fate));
        self.note_time(rank, start);
    }

    /// Runs a task that can run, while those who listen are told.
    async fn told_async(&self, task: &mut Claimed<'_>, rank: usize) -> Option<Fate> {
        let Some(live) = &self.live else { return self.fate_async(task, rank).await };
        let (begun, ready) = live.begin(task);
        let fate = match ready {
            Ok(()) => self.fate_async(task, rank).await,
            Err(refused) => Some(Fate::Failed(self.failed(rank, refused, 1))),
        };
        let attempts = fate.as_ref().map_or(1, Fate::attempts);
        live.end(task, &begun, attempts, fate.as_ref().and_then(Fate::error));
        fate
    }

    /// What becomes of a task that runs, if it is not simply done.
    async fn fate_async(&self, task: &mut Claimed<'_>, rank: usize) -> Option<Fate> {
        let mut attempt = 1;
        loop {
            let attempt_ends = in_time(self.limit(rank), task.run_async());
            let fault = match self.unless_over(rank, attempt_ends).await {
                None => return Some(Fate::NotReached),
                Some(Ok(())) => return (attempt > 1).then_some(Fate::Done { attempts: attempt }),
                Some(Err(fault)) => fault,
            };
            let again = self.retry(rank).filter(|retry| attempt <= retry.count() && task.is_ready());
            let Some(retry) = again else { return Some(Fate::Failed(self.failed(rank, fault, attempt))) };
            let pace = &self.policies.pace;
            let time = retry.wait(attempt, || pace.throw(rank, attempt));
            if self.unless_over(rank, pace.wait(time)).await.is_none() || self.is_over(rank) {
                return Some(Fate::Failed(self.failed(rank, fault, attempt)));
            }
            // An error is of the user's type.
            let _ = drop_guarded(fault);
            attempt += 1;
        }
    }

    /// Waits, unless the run has ended for a task.
    async fn unless_over<F: Future>(&self, rank: usize, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let poll = |context: &mut Context<'_>| {
            if self.is_over(rank) { Poll::Ready(None) } else { future.as_mut().poll(context).map(Some) }
        };
        poll_fn(poll).await
    }
}

/// Waits as long as something may take. What takes longer is dropped.
pub(crate) async fn in_time<F: Future<Output = Result<(), Fault>>>(
    limit: Option<Duration>,
    future: F,
) -> Result<(), Fault> {
    let Some(limit) = limit else { return future.await };
    let (mut future, mut late) = (pin!(future), timer::sleep(limit));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(ended) => Poll::Ready(ended),
        Poll::Pending => Pin::new(&mut late).poll(context).map(|()| Err(Fault::TimedOut(limit))),
    })
    .await
}
