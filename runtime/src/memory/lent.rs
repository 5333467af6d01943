//! Work that is lent to another thread, by somebody who waits for it without one.
//!
//! *Why it is sound.* The thread is given a closure whose type does not say any more what it borrows. It is called, and
//! dropped, before [`Lent`] is gone: that is ready when this has happened. Where it is dropped before, it takes back what
//! has not begun, which then is never called nor looked at, and waits for what has.
//! It is never handed out: [`elsewhere`] awaits it where it is made, in a future that is boxed and is not forgotten.

use std::future::Future;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::fault::{Fault, guard};
use crate::sync::{Condvar, Mutex};

/// What has become of it.
enum State<T> {
    Lies(Option<Waker>),
    Runs(Option<Waker>),
    Done(Result<T, Fault>),
    Taken,
}

struct Desk<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

/// What was lent, until it is back.
struct Lent<T>(Arc<Desk<T>>);

/// Does something on the thread that it is sent to.
pub(crate) async fn elsewhere<T: Send + 'static>(
    send: impl FnOnce(Box<dyn FnOnce() + Send>) + Send,
    run: impl FnOnce() -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    let desk = Arc::new(Desk { state: Mutex::new(State::Lies(None)), changed: Condvar::new() });
    let theirs = Arc::clone(&desk);
    // What it borrows may be used again while that thread comes back from the job: that must not seem to have
    // it still.
    let run = MaybeUninit::new(run);
    let job: Box<dyn FnOnce() + Send + '_> = Box::new(move || {
        if !theirs.begin() {
            return;
        }
        // SAFETY: it was put there, and this happens once.
        let result = guard(|| unsafe { run.assume_init() }()).unwrap_or_else(Err);
        theirs.put(result);
    });
    // SAFETY: it is over before what it borrows is gone; see the module.
    let job: Box<dyn FnOnce() + Send + 'static> = unsafe { std::mem::transmute(job) };
    let lent = Lent(desk);
    send(job);
    lent.await
}

impl<T> Desk<T> {
    /// Whether it is still wanted.
    fn begin(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Lies(waker) = &mut *state else { return false };
        *state = State::Runs(waker.take());
        true
    }

    fn put(&self, result: Result<T, Fault>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *state, State::Done(result));
        // Whoever waits may be gone as soon as this is let go of, but not the desk.
        self.changed.notify_all();
        drop(state);
        if let State::Runs(Some(waker)) = before {
            // A waker that panics is nobody's concern here.
            let _ = guard(|| waker.wake());
        }
    }
}

impl<T> Future for Lent<T> {
    type Output = Result<T, Fault>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Taken) {
            State::Done(result) => Poll::Ready(result),
            State::Lies(_) => {
                *state = State::Lies(Some(context.waker().clone()));
                Poll::Pending
            }
            State::Runs(_) => {
                *state = State::Runs(Some(context.waker().clone()));
                Poll::Pending
            }
            State::Taken => Poll::Ready(Err(Fault::Misfit("it was over before".to_owned()))),
        }
    }
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Lies(_) = &*state {
            *state = State::Taken;
        }
        let runs = |state: &mut State<T>| matches!(state, State::Runs(_));
        drop(self.0.changed.wait_while(state, runs).unwrap_or_else(PoisonError::into_inner));
    }
}
