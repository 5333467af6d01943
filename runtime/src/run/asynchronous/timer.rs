//! Waiting for a time to come, in whatever runtime: one thread wakes all that do.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use crate::fault::{drop_guarded, guard};

/// Ready once a time has come.
pub(crate) struct Sleep {
    until: Instant,
    /// There once it has been said whom to wake.
    alarm: Option<Alarm>,
}

/// When it rings, and which one of that time it is.
type Alarm = (Instant, u64);

/// Waits for a time.
pub(crate) fn sleep(time: Duration) -> Sleep {
    let now = Instant::now();
    // No one waits for longer than that.
    let until = now.checked_add(time).unwrap_or(now + Duration::from_secs(u64::from(u32::MAX)));
    Sleep { until, alarm: None }
}

impl Sleep {
    pub(super) fn until(&self) -> Instant {
        self.until
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.until {
            return Poll::Ready(());
        }
        self.alarm = Some(CLOCK.set(self.until, self.alarm, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(alarm) = &self.alarm {
            CLOCK.forget(alarm);
        }
    }
}

static CLOCK: Clock = Clock {
    alarms: Mutex::new(Alarms { wakers: BTreeMap::new(), count: 0, are_kept: false }),
    changed: Condvar::new(),
};

struct Clock {
    alarms: Mutex<Alarms>,
    changed: Condvar,
}

struct Alarms {
    /// Who is to be woken, the next one first.
    wakers: BTreeMap<Alarm, Waker>,
    /// How many there have ever been.
    count: u64,
    /// Whether there is a thread that looks at the time.
    are_kept: bool,
}

impl Clock {
    fn lock(&self) -> MutexGuard<'_, Alarms> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets an alarm, or says whom an alarm is to wake from now on.
    fn set(&'static self, at: Instant, alarm: Option<Alarm>, waker: Waker) -> Alarm {
        let mut alarms = self.lock();
        if !alarms.are_kept {
            alarms.are_kept =
                thread::Builder::new().name("millstream-clock".to_owned()).spawn(|| self.run()).is_ok();
        }
        let alarm = alarm.unwrap_or((at, alarms.count));
        alarms.count += 1;
        let before = alarms.wakers.insert(alarm, waker);
        let is_next = alarms.wakers.first_key_value().is_some_and(|(next, _)| *next == alarm);
        drop(alarms);
        if is_next {
            self.changed.notify_one();
        }
        // A waker is of somebody else's making, and may do anything when it is dropped.
        let _ = drop_guarded(before);
        alarm
    }

    fn forget(&self, alarm: &Alarm) {
        let waker = self.lock().wakers.remove(alarm);
        let _ = drop_guarded(waker);
    }

    fn run(&self) {
        let mut alarms = self.lock();
        loop {
            let now = Instant::now();
            let next = alarms.wakers.first_key_value();
            alarms = match next.map(|((at, _), _)| at.saturating_duration_since(now)) {
                None => self.changed.wait(alarms).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => {
                    let next = alarms.wakers.pop_first();
                    drop(alarms);
                    if let Some((_, waker)) = next {
                        // Who panics when he is woken is not to keep the others asleep.
                        let _ = guard(|| waker.wake());
                    }
                    self.lock()
                }
                Some(time) => {
                    let waited = self.changed.wait_timeout(alarms, time);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
