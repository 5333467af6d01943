//! Runs of which somebody is told: they come to their end, also where nobody waits for that any more.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::fault::drop_guarded;
use crate::run::policy::Halt;
use crate::wait::block_on;

use super::Host;

/// How often it is asked where it is dropped. Some are woken over and over by what waits for that very thread.
const OFTEN: usize = 100;

/// A run that is ended where it is dropped. Those who were told that something begins are told of its end: at once, as
/// far as nobody has to wait for that, and the rest in the background.
pub(crate) struct Tended<F: Future + Send + Unpin + 'static> {
    halt: Halt,
    /// There until it is over.
    run: Option<F>,
    has_begun: bool,
}

impl<F: Future + Send + Unpin + 'static> Tended<F> {
    /// A run that is ended by `halt`.
    pub(crate) fn new(halt: Halt, run: F) -> Self {
        Self { halt, run: Some(run), has_begun: false }
    }
}

impl<F: Future + Send + Unpin + 'static> Future for Tended<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.has_begun = true;
        let Some(run) = &mut self.run else { return Poll::Pending };
        let poll = Pin::new(run).poll(context);
        if poll.is_ready() {
            self.run = None;
        }
        poll
    }
}

impl<F: Future + Send + Unpin + 'static> Unpin for Tended<F> {}

impl<F: Future + Send + Unpin + 'static> Drop for Tended<F> {
    fn drop(&mut self) {
        let Some(run) = self.run.take().filter(|_| self.has_begun) else { return };
        self.halt.end();
        if let Err(run) = go_on(run) {
            Host::Poller.on_a_thread(move || drop(drop_guarded(block_on(run))));
        }
    }
}

/// Goes on for a while, as long as there is nothing to wait for. Gives it back if it is not over then.
fn go_on<F: Future + Unpin>(mut run: F) -> Result<(), F> {
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    for _ in 0..OFTEN {
        if !woken.0.swap(false, Ordering::AcqRel) {
            break;
        }
        if let Poll::Ready(output) = Pin::new(&mut run).poll(&mut context) {
            // What nobody gets is of the user's types.
            let _ = drop_guarded(output);
            return Ok(());
        }
    }
    Err(run)
}

/// Whether there is more to do.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}
