//! A request that is run by whoever awaits it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::error::Error;
use crate::run::{self, Asked, Finished, Given};

use super::Core;
use super::result::Run;

/// A request that runs while it is awaited, in whatever runtime: what [`Driver::execute_async`](crate::Driver::execute_async)
/// gives. It borrows nothing, so it can be spawned.
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
pub struct Execution<V> {
    finished: Pin<Box<dyn Future<Output = Result<Finished, Error>> + Send>>,
    collect: Collect<V>,
}

/// Gets the values out of a run.
pub(super) type Collect<V> = Box<dyn FnMut(&mut Finished) -> Result<V, Error> + Send>;

impl<V> Execution<V> {
    pub(super) fn new(core: Arc<Core>, asked: Asked, given: Given, collect: Collect<V>) -> Self {
        Self { finished: Box::pin(run::run_async(core, asked, given)), collect }
    }
}

impl<V> Future for Execution<V> {
    type Output = Result<Run<V>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Poll::Ready(finished) = self.finished.as_mut().poll(context) else { return Poll::Pending };
        Poll::Ready(finished.and_then(|mut finished| {
            let values = (self.collect)(&mut finished)?;
            Ok(Run::new(values, &finished))
        }))
    }
}

impl<V> fmt::Debug for Execution<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Execution")
    }
}
