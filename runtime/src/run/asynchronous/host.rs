//! In whose runtime futures are polled: timers, input and output are those of that one.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, ErrorKind};

/// Whose runtime the futures of a run find.
#[derive(Clone, Copy)]
pub(crate) enum Host {
    /// That of whoever polls the run, if he has one.
    Poller,
    /// One of ours, for somebody waits for the run with a whole thread. Nodes that do not wait do not see it: they may
    /// do there what they may do on any thread.
    Ours,
}

impl Host {
    /// Does something that is the business of futures.
    pub(super) fn with<R>(self, run: impl FnOnce() -> R) -> R {
        match self {
            Self::Poller => run(),
            Self::Ours => in_ours(run),
        }
    }

    /// Awaits a future in it.
    pub(crate) async fn polls<F: Future>(self, mut future: Pin<&mut F>) -> F::Output {
        poll_fn(|context| self.with(|| future.as_mut().poll(context))).await
    }

    /// Does something that may have to wait on a thread of its own.
    pub(crate) fn on_a_thread(self, go: impl FnOnce() + Send + 'static) {
        let guest = self.with(Guest::here);
        let go = Arc::new(Mutex::new(Some(move || guest.with(go))));
        let run = {
            let go = Arc::clone(&go);
            move || {
                let go = go.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(go) = go {
                    go();
                }
            }
        };
        // Where there are no threads any more, one of the pool has to wait.
        if std::thread::Builder::new().name("millstream-wait".to_owned()).spawn(run.clone()).is_err() {
            rayon::spawn(run);
        }
    }
}

/// Waits for a run on this thread.
///
/// # Errors
/// Where there can be no runtime for its futures.
pub(super) fn block_on<F: Future>(run: F) -> Result<F::Output, Error> {
    if let Err(why) = can_be_ours() {
        let problem =
            format!("tokio could not be started: {why}; start it yourself, and use `execute_async` inside");
        return Err(Error::one(ErrorKind::Request, problem));
    }
    Ok(crate::wait::block_on(run))
}

#[cfg(feature = "tokio")]
mod tokio_host {
    use std::sync::OnceLock;
    use std::task::{Context, Poll, Waker};

    use tokio::runtime::{Builder, Handle, Runtime};
    use tokio::task::coop::{has_budget_remaining, poll_proceed};

    /// Whether tokio polls a task on this thread, which is to come back to it. Also threads for what blocks, and such as
    /// have merely entered a runtime, know of one; but only a task has so many steps, and not more, until it is to come
    /// back.
    pub(crate) fn is_polled() -> bool {
        if Handle::try_current().is_err() {
            return false;
        }
        let mut context = Context::from_waker(Waker::noop());
        // Gives back all the steps when it is dropped.
        let Poll::Ready(_before) = poll_proceed(&mut context) else { return true };
        (0..=u8::MAX).any(|_| {
            if let Poll::Ready(step) = poll_proceed(&mut context) {
                step.made_progress();
            }
            !has_budget_remaining()
        })
    }

    /// The runtime of a thread, for another thread that has to wait for futures.
    #[derive(Clone)]
    pub(crate) struct Guest(Option<Handle>);

    impl Guest {
        /// Of this thread.
        pub(crate) fn here() -> Self {
            Self(Handle::try_current().ok())
        }

        /// Does something with the timers and so on of that runtime.
        pub(crate) fn with<R>(&self, run: impl FnOnce() -> R) -> R {
            let _entered = self.0.as_ref().map(Handle::enter);
            run()
        }
    }

    /// One of ours, for those who have none.
    fn runtime() -> &'static Result<Runtime, String> {
        static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
        RUNTIME.get_or_init(|| {
            let runtime = Builder::new_multi_thread().thread_name("millstream").enable_all().build();
            runtime.map_err(|error| error.to_string())
        })
    }

    /// Whether it can be started, and why not.
    pub(super) fn can_be_ours() -> Result<(), &'static str> {
        runtime().as_ref().map(|_| ()).map_err(String::as_str)
    }

    /// Does something with its timers and so on.
    pub(super) fn in_ours<R>(run: impl FnOnce() -> R) -> R {
        let _entered = runtime().as_ref().ok().map(Runtime::enter);
        run()
    }

    /// Does something with the timers and so on of this thread, if it has any, or else with ours.
    pub(crate) fn in_context<R>(run: impl FnOnce() -> R) -> R {
        if Handle::try_current().is_ok() { run() } else { in_ours(run) }
    }
}

#[cfg(not(feature = "tokio"))]
mod plain_host {
    /// Nobody knows.
    pub(crate) fn is_polled() -> bool {
        false
    }

    /// Nothing: what futures need they have to bring.
    #[derive(Clone)]
    pub(crate) struct Guest;

    impl Guest {
        pub(crate) fn here() -> Self {
            Self
        }

        #[allow(clippy::unused_self, reason = "with tokio it has a runtime")]
        pub(crate) fn with<R>(&self, run: impl FnOnce() -> R) -> R {
            run()
        }
    }

    /// There is nothing to start.
    #[allow(clippy::unnecessary_wraps, reason = "with tokio it may fail")]
    pub(super) fn can_be_ours() -> Result<(), &'static str> {
        Ok(())
    }

    /// Does something; timers and the like are its own affair.
    pub(super) fn in_ours<R>(run: impl FnOnce() -> R) -> R {
        run()
    }

    /// The same.
    pub(crate) fn in_context<R>(run: impl FnOnce() -> R) -> R {
        run()
    }
}

#[cfg(not(feature = "tokio"))]
pub(crate) use plain_host::in_context;
#[cfg(not(feature = "tokio"))]
pub(super) use plain_host::is_polled;
#[cfg(not(feature = "tokio"))]
use plain_host::{Guest, can_be_ours, in_ours};
#[cfg(feature = "tokio")]
pub(crate) use tokio_host::in_context;
#[cfg(feature = "tokio")]
pub(super) use tokio_host::is_polled;
#[cfg(feature = "tokio")]
use tokio_host::{Guest, can_be_ours, in_ours};
