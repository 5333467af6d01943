//! Waiting for a time to come, in whatever runtime: one thread wakes all that do.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, Once, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use crate::sync::AtomicWaker;

/// Ready once a time has come.
pub(crate) struct Sleep {
    until: Instant,
    /// There once it has been said when to wake.
    waker: Option<Arc<AtomicWaker>>,
}

/// Waits for a time.
pub(crate) fn sleep(time: Duration) -> Sleep {
    let now = Instant::now();
    // No one waits for longer than that.
    let until = now.checked_add(time).unwrap_or(now + Duration::from_secs(u64::from(u32::MAX)));
    Sleep { until, waker: None }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.until {
            return Poll::Ready(());
        }
        if let Some(waker) = &self.waker {
            waker.register(context.waker());
            // The time may have come in between.
            return if Instant::now() >= self.until { Poll::Ready(()) } else { Poll::Pending };
        }
        let waker = Arc::new(AtomicWaker::new());
        waker.register(context.waker());
        CLOCK.wake_at(self.until, Arc::clone(&waker));
        self.waker = Some(waker);
        Poll::Pending
    }
}

static CLOCK: Clock =
    Clock { alarms: Mutex::new(BinaryHeap::new()), changed: Condvar::new(), runs: Once::new() };

/// Who is to be woken when.
struct Clock {
    alarms: Mutex<BinaryHeap<Alarm>>,
    changed: Condvar,
    runs: Once,
}

struct Alarm {
    at: Instant,
    waker: Arc<AtomicWaker>,
}

impl Clock {
    fn wake_at(&'static self, at: Instant, waker: Arc<AtomicWaker>) {
        self.runs.call_once(|| {
            thread::spawn(|| self.run());
        });
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner).push(Alarm { at, waker });
        self.changed.notify_one();
    }

    fn run(&self) {
        let mut alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            alarms = match alarms.peek().map(|next| next.at.saturating_duration_since(now)) {
                None => self.changed.wait(alarms).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => {
                    let alarm = alarms.pop();
                    drop(alarms);
                    if let Some(alarm) = alarm {
                        alarm.waker.wake();
                    }
                    self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
                }
                Some(time) => {
                    let waited = self.changed.wait_timeout(alarms, time);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl Ord for Alarm {
    /// The next one is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.cmp(&self.at)
    }
}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Alarm {}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
