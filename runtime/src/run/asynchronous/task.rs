//! Running one task that waits, or that hooks have to be awaited for.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::fault::{Fault, drop_guarded};
use crate::memory::{Claimed, Entered, Shared, elsewhere};
use crate::run::attempt::Site;
use crate::run::fate::Fate;
use crate::run::log::Log;
use crate::run::plan::to_u32;

use super::place::Place;
use super::{Work, timer};

impl Work {
    /// Runs the task of a rank as [`run_task`](Log::run_task) does, but without a thread while it, or a hook, waits. It is
    /// given up as soon as it is polled when the run has ended for it.
    pub(super) async fn run_task_async(&self, rank: u32, is_alone: bool) {
        let (log, Some(entered)) = (&self.log, Shared::enter(&self.shared)) else { return };
        let task = entered.claim(rank as usize).or_else(|| entered.resume(rank as usize));
        let Some(mut task) = task else { return };
        let start = log.times.now();
        let fate = match log.fate_without(&task, rank as usize) {
            Some(fate) => {
                self.host.with(|| task.wait_no_more());
                Some(fate)
            }
            None => self.told(&mut task, &entered, is_alone).await,
        };
        log.end_task(task, rank as usize, log.told(fate));
        log.times.note(rank as usize, start);
    }

    /// Runs a task that can run, while those who listen are told.
    async fn told(&self, task: &mut Claimed<'_>, entered: &Entered<'_>, is_alone: bool) -> Option<Fate> {
        let log = &self.log;
        let Some(live) = &log.live else { return self.fate(task, entered, is_alone).await };
        let (begun, ready) = self.host.polls(pin!(live.begin(task))).await;
        let fate = match ready {
            Ok(()) => self.fate(task, entered, is_alone).await,
            Err(refused) => Some(Fate::Failed(log.failed(task.rank(), refused, 1))),
        };
        let (attempts, ending) = Fate::told(fate.as_ref());
        self.host.polls(pin!(live.end(task, &begun, attempts, ending))).await;
        fate
    }

    /// What becomes of a task that runs, if it is not simply done. It waits, or computes where it is to.
    async fn fate(&self, task: &mut Claimed<'_>, entered: &Entered<'_>, is_alone: bool) -> Option<Fate> {
        let (log, rank) = (&self.log, task.rank());
        if self.awaits(to_u32(rank)) {
            return self.host.polls(pin!(log.fate_async(task, rank))).await;
        }
        let place = self.place(to_u32(rank), is_alone);
        let mut run =
            || self.waits().cost(to_u32(rank)).noted(|| log.fate_told(task, rank, Site::Shared(entered)));
        if place == Place::Here {
            return run();
        }
        let computed = elsewhere(|go| self.run_in(place, go), || Ok(run())).await;
        computed.unwrap_or_else(|fault| Some(Fate::Failed(log.failed(rank, fault, 1))))
    }
}

impl Log {
    /// What becomes of a task that runs, if it is not simply done.
    async fn fate_async(&self, task: &mut Claimed<'_>, rank: usize) -> Option<Fate> {
        let mut attempt = 1;
        loop {
            let ended = {
                let attempt_ends = pin!(self.attempt_async(task, attempt, self.limit(rank)));
                self.unless_over(rank, attempt_ends).await
            };
            let fault = match ended {
                None => {
                    // What a layer has seen made is not wanted.
                    let _ = task.unmake();
                    return Some(Fate::NotReached);
                }
                Some(Ok(())) => return (attempt > 1).then_some(Fate::Done { attempts: attempt }),
                Some(Err(fault)) => fault,
            };
            let again = self.retry(rank).filter(|retry| attempt <= retry.count() && task.is_ready());
            let Some(retry) = again else { return Some(Fate::Failed(self.failed(rank, fault, attempt))) };
            let pace = &self.plan.policies.pace;
            let time = retry.wait(attempt, || pace.throw(rank, attempt));
            if self.unless_over(rank, pin!(pace.wait(time))).await.is_none() || self.is_over(rank) {
                return Some(Fate::Failed(self.failed(rank, fault, attempt)));
            }
            // An error is of the user's type.
            let _ = drop_guarded(fault);
            attempt += 1;
        }
    }

    /// Waits, unless the run has ended for a task.
    async fn unless_over<F: Future>(&self, rank: usize, mut future: Pin<&mut F>) -> Option<F::Output> {
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
    let mut future = pin!(future);
    let Some(limit) = limit else { return future.await };
    let mut late = timer::sleep(limit);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(ended) => Poll::Ready(ended),
        Poll::Pending => Pin::new(&mut late).poll(context).map(|()| Err(Fault::TimedOut(limit))),
    })
    .await
}
