//! Calling a run off.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::fault::guard;
use crate::sync::AtomicWaker;

/// Calls runs off. Clones are one and the same token, so one goes with the [request](crate::Request::cancel_with) and
/// another stays with whoever may call it off.
///
/// A run that is called off begins no further node. What runs at that time is let finish, but for async nodes, which are
/// dropped where they wait; so nothing is left running when the request comes back with its error.
///
/// ```
/// use millstream::{CancellationToken, ErrorKind, Graph};
///
/// let token = CancellationToken::new();
/// let hand = token.clone();
/// let graph = Graph::builder()
///     .function("first", (), move || hand.cancel())
///     .function("second", ["first"], |_: &()| 1)
///     .build()?;
/// let driver = graph.driver().build()?;
/// let error = driver.cancel_with(&token).execute_named(["second"], ()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Cancelled);
/// assert_eq!(error.to_string(), "the run was cancelled; 1 of 2 nodes had run");
/// # Ok::<(), millstream::Error>(())
/// ```
///
/// Ctrl-C is one who may call a run off:
///
/// ```no_run
/// use millstream::{CancellationToken, Graph};
///
/// #[tokio::main]
/// async fn main() -> Result<(), millstream::Error> {
///     let token = CancellationToken::new();
///     let hand = token.clone();
///     tokio::spawn(async move {
///         if tokio::signal::ctrl_c().await.is_ok() {
///             hand.cancel();
///         }
///     });
///     let driver = Graph::builder().function("answer", (), || 42).build()?.driver().build()?;
///     let run = driver.cancel_with(&token).execute_named_async(["answer"], ()).await?;
///     println!("{}", run.get::<i32>("answer")?);
///     Ok(())
/// }
/// ```
#[derive(Clone, Default)]
pub struct CancellationToken {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    is_cancelled: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
    /// Runs that are futures.
    runs: Mutex<Vec<Arc<AtomicWaker>>>,
    /// Tokens that are used when this one is.
    followers: Mutex<Vec<WeakToken>>,
}

/// A token as long as somebody has it.
#[derive(Clone)]
pub(super) struct WeakToken(Weak<Inner>);

impl WeakToken {
    pub(super) fn upgrade(&self) -> Option<CancellationToken> {
        self.0.upgrade().map(|inner| CancellationToken { inner })
    }
}

impl Inner {
    fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        // Nobody is between looking and falling asleep while this is held.
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
        self.wake();
    }

    fn wake(&self) {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for run in runs {
            // A waker that panics is not to keep the others asleep.
            let _ = guard(|| run.wake());
        }
    }
}

impl CancellationToken {
    /// A new one, which nobody has used yet.
    ///
    /// ```
    /// assert!(!millstream::CancellationToken::new().is_cancelled());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls off all runs that it was given to, also those that begin later.
    ///
    /// ```
    /// let token = millstream::CancellationToken::new();
    /// token.cancel();
    /// assert!(token.is_cancelled());
    /// ```
    pub fn cancel(&self) {
        let mut used = vec![self.clone()];
        while let Some(token) = used.pop() {
            token.inner.cancel();
            let followers = token.inner.followers.lock().unwrap_or_else(PoisonError::into_inner);
            used.extend(followers.iter().filter_map(WeakToken::upgrade));
        }
    }

    /// One that is used when any of these is.
    pub(crate) fn any<'t>(tokens: impl IntoIterator<Item = &'t Self>) -> Self {
        let any = Self::new();
        for token in tokens {
            let mut followers = token.inner.followers.lock().unwrap_or_else(PoisonError::into_inner);
            followers.retain(|follower| follower.upgrade().is_some());
            followers.push(any.downgrade());
            drop(followers);
            if token.is_cancelled() {
                any.cancel();
            }
        }
        any
    }

    pub(super) fn downgrade(&self) -> WeakToken {
        WeakToken(Arc::downgrade(&self.inner))
    }

    /// Wakes the runs that are futures.
    pub(crate) fn wake(&self) {
        self.inner.wake();
    }

    /// Whether it was used.
    ///
    /// ```
    /// let token = millstream::CancellationToken::new();
    /// let other = token.clone();
    /// other.cancel();
    /// assert!(token.is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled.load(Ordering::SeqCst)
    }

    /// Sleeps for a time, or until it is used.
    pub(crate) fn sleep(&self, time: Duration) {
        let guard = self.inner.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |(): &mut ()| !self.is_cancelled();
        drop(self.inner.changed.wait_timeout_while(guard, time, waits));
    }
}

/// That a run is to be woken when a token is used.
pub(crate) struct Listening {
    token: CancellationToken,
    waker: Arc<AtomicWaker>,
}

impl Listening {
    /// From now on, until this is dropped. Whether the token was used before is to be looked at afterwards.
    pub(crate) fn to(token: &CancellationToken, waker: &Arc<AtomicWaker>) -> Self {
        token.inner.runs.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(waker));
        Self { token: token.clone(), waker: Arc::clone(waker) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut runs = self.token.inner.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|waker| !Arc::ptr_eq(waker, &self.waker));
    }
}

impl fmt::Debug for CancellationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancellationToken").field("is_cancelled", &self.is_cancelled()).finish()
    }
}
