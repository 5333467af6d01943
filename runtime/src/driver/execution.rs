//! A request that is run by whoever awaits it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::Error;

/// A request that runs while it is awaited, in whatever runtime: what [`Driver::execute_async`](crate::Driver::execute_async)
/// and [`Chain::execute_async`](crate::Chain::execute_async) give. It borrows nothing, so it can be spawned.
///
/// Dropping it ends the run: nodes that wait are dropped where they wait, those that compute on the rayon pool are let
/// finish in the background, and no other begins.
///
/// ```
/// # use std::future::Future;
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let mut future = std::pin::pin!(future);
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     loop {
/// #         if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
/// #             return output;
/// #         }
/// #         std::thread::yield_now();
/// #     }
/// # }
/// use millstream::Graph;
///
/// fn is_send_and_static(_: &(impl Send + 'static)) {}
///
/// let driver = Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
/// let execution = driver.execute_named_async(["a"], ());
/// is_send_and_static(&execution);
/// assert_eq!(block_on(execution)?.get::<f64>("a")?, &1.5);
/// # Ok::<(), millstream::Error>(())
/// ```
#[must_use = "nothing runs before it is awaited"]
pub struct Execution<R> {
    run: Pin<Box<dyn Future<Output = Result<R, Error>> + Send>>,
}

impl<R> Execution<R> {
    pub(crate) fn new(run: impl Future<Output = Result<R, Error>> + Send + 'static) -> Self {
        Self { run: Box::pin(run) }
    }
}

impl<R> Future for Execution<R> {
    type Output = Result<R, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.run.as_mut().poll(context)
    }
}

impl<R> fmt::Debug for Execution<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Execution")
    }
}
