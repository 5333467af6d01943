//! Trying a node again.

use std::time::Duration;

/// How often a node that failed is tried again, and after how long.
///
/// A node that may be called again keeps what it takes by value: it gets a clone each time.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::time::Duration;
///
/// use millstream::{Graph, Nodes, Retry};
///
/// let calls = AtomicU32::new(0);
/// let graph = Graph::builder()
///     .try_function("fetch", (), move || match calls.fetch_add(1, Ordering::SeqCst) {
///         0 => Err("try again"),
///         _ => Ok(1.5),
///     })
///     .build()?;
/// let retry = Retry::times(3).backoff(Duration::from_millis(1)).max(Duration::from_secs(1)).jitter(true);
/// let driver = graph.driver().retry(Nodes::named(["fetch"]), retry).build()?;
/// let run = driver.execute_named(["fetch"], ())?;
/// assert_eq!(run.get::<f64>("fetch")?, &1.5);
/// assert_eq!(run.report().nodes()[0].attempts, 2);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    times: u32,
    first: Duration,
    factor: f64,
    most: Duration,
    jitter: bool,
}

impl Retry {
    /// As often, at once: three times are four attempts in all.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().try_function("a", (), || Err::<f64, _>("no")).build()?;
    /// use millstream::{Nodes, Retry};
    ///
    /// let driver = graph.driver().retry(Nodes::all(), Retry::times(3)).build()?;
    /// let error = driver.execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "node `a` failed after 4 attempts");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn times(times: u32) -> Self {
        Self { times, first: Duration::ZERO, factor: 2.0, most: Duration::MAX, jitter: false }
    }

    /// Waits that long after the first attempt, and after each further one [`factor`](Self::factor) times as long.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let retry = millstream::Retry::times(3).backoff(Duration::from_millis(100));
    /// assert_eq!(retry.delay(3), Duration::from_millis(400));
    /// ```
    #[must_use]
    pub fn backoff(self, first: Duration) -> Self {
        Self { first, ..self }
    }

    /// What the time grows by from one attempt to the next; 2 if nothing is said.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let retry = millstream::Retry::times(3).backoff(Duration::from_millis(100)).factor(1.0);
    /// assert_eq!(retry.delay(3), Duration::from_millis(100));
    /// ```
    #[must_use]
    pub fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// No wait is longer.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let retry = millstream::Retry::times(9).backoff(Duration::from_secs(1)).max(Duration::from_secs(5));
    /// assert_eq!(retry.delay(9), Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn max(self, most: Duration) -> Self {
        Self { most, ..self }
    }

    /// Whether each wait is shortened at random, to between half of it and all, so that many that failed at the same
    /// time do not come again at the same time.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let retry = millstream::Retry::times(3).backoff(Duration::from_millis(100)).jitter(true);
    /// # let _ = retry;
    /// ```
    #[must_use]
    pub fn jitter(self, jitter: bool) -> Self {
        Self { jitter, ..self }
    }

    /// How long is waited after an attempt, the first of which is 1, if there is no jitter.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let retry = millstream::Retry::times(3).backoff(Duration::from_secs(1));
    /// assert_eq!([retry.delay(1), retry.delay(2)], [Duration::from_secs(1), Duration::from_secs(2)]);
    /// ```
    #[must_use]
    pub fn delay(&self, attempt: u32) -> Duration {
        if self.first.is_zero() {
            return Duration::ZERO;
        }
        let power = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.first.as_secs_f64() * self.factor.max(0.0).powi(power);
        Duration::try_from_secs_f64(seconds).map_or(self.most, |delay| delay.min(self.most))
    }

    /// How often it is tried again.
    pub(crate) fn count(&self) -> u32 {
        self.times
    }

    /// How long is waited after an attempt; `throw` is from 0 to less than 1.
    pub(crate) fn wait(&self, attempt: u32, throw: impl FnOnce() -> f64) -> Duration {
        let delay = self.delay(attempt);
        if self.jitter && !delay.is_zero() { delay.mul_f64(0.5 + throw() / 2.0) } else { delay }
    }
}
