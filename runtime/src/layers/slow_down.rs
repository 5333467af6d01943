//! Slowing nodes down.

use std::time::Duration;

use crate::hook::{AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, Layer, NodeCall};

/// Lets some time pass before each call of a node: to watch a run, or to spare a service that a node asks. A run that
/// is [called off](crate::CancellationToken) does not wait any longer.
///
/// ```
/// use std::time::Duration;
///
/// use millstream::{Graph, Nodes, layers::SlowDown};
///
/// let graph = Graph::builder().function("fetch", (), || 1).tag("calls", ["network"]).build()?;
/// let slowly = SlowDown::by(Duration::from_millis(1));
/// let driver = graph.driver().layer_on(Nodes::tagged("calls", "network"), slowly).build()?;
/// assert_eq!(driver.execute_named(["fetch"], ())?.get::<i32>("fetch")?, &1);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SlowDown {
    by: Duration,
}

impl SlowDown {
    /// By so much each call.
    ///
    /// ```
    /// # use millstream::{Graph, layers::SlowDown};
    /// # let graph = Graph::builder().function("a", (), || 1).build()?;
    /// let driver = graph.driver().layer(SlowDown::by(std::time::Duration::from_millis(1))).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn by(by: Duration) -> Self {
        Self { by }
    }
}

impl Layer for SlowDown {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        call.wait(self.by);
        Ok(call.proceed()?)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for SlowDown {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        call.wait(self.by).await;
        Ok(call.proceed().await?)
    }
}
