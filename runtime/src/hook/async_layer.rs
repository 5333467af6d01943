//! What stands round the call of an async node without a thread.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

use crate::fault::{Fault, guard, guarded};
use crate::memory::Claimed;
use crate::node::NodeValue;

use super::layer::{Attempt, CallError, How, Layer, NodeCall, Task, ended, made, pass};
use super::{BoxedError, Live};

/// How a [`Layer`] stands round the calls of async nodes, so that they need no thread while they wait: it
/// [says](Layer::awaited) that it can. Round all other nodes it stands as it always does.
///
/// ```
/// use millstream::{AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, Graph, Layer, NodeCall};
///
/// /// At most 100, whatever the node says.
/// struct AtMost100;
///
/// impl AtMost100 {
///     fn cut(&self, value: Option<f64>) -> Option<f64> {
///         value.filter(|value| *value > 100.0).map(|_| 100.0)
///     }
/// }
///
/// impl Layer for AtMost100 {
///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
///         call.proceed()?;
///         let cut = self.cut(call.output().and_then(|value| value.downcast_ref().copied()));
///         cut.map_or(Ok(()), |value| call.set(value))
///     }
///
///     fn awaited(&self) -> Option<AwaitedLayer<'_>> {
///         Some(self.into())
///     }
/// }
///
/// impl AsyncLayer for AtMost100 {
///     async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
///         call.proceed().await?;
///         let cut = self.cut(call.output().and_then(|value| value.downcast_ref().copied()));
///         cut.map_or(Ok(()), |value| call.set(value))
///     }
/// }
///
/// let graph = Graph::builder().async_function("speed", (), || async { 140.0 }).build()?;
/// let driver = graph.driver().layer(AtMost100).build()?;
/// assert_eq!(driver.execute_named(["speed"], ())?.get::<f64>("speed")?, &100.0);
/// # Ok::<(), millstream::Error>(())
/// ```
pub trait AsyncLayer: Send + Sync + 'static {
    /// Is to let the call [proceed](AsyncCall::proceed), or to [set](AsyncCall::set) a value in its place. Where the run
    /// ends before the node it is dropped.
    ///
    /// The node fails with the error that it yields. So it does with a panic, and where there is no value afterwards.
    fn around_async(&self, call: &mut AsyncCall<'_>) -> impl Future<Output = Result<(), BoxedError>> + Send;
}

/// A layer that can stand round async nodes, as [`Layer::awaited`] gives it: made of a reference to
/// an [`AsyncLayer`].
#[derive(Clone, Copy)]
pub struct AwaitedLayer<'l>(&'l dyn Around);

impl<'l, L: AsyncLayer> From<&'l L> for AwaitedLayer<'l> {
    fn from(layer: &'l L) -> Self {
        Self(layer)
    }
}

impl fmt::Debug for AwaitedLayer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitedLayer")
    }
}

/// What a layer does round a call, or the call itself.
type Calling<'f, E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'f>>;

/// An [`AsyncLayer`] of whatever type.
trait Around: Send + Sync {
    fn around<'f>(&'f self, call: &'f mut AsyncCall<'_>) -> Calling<'f, BoxedError>;
}

impl<L: AsyncLayer> Around for L {
    fn around<'f>(&'f self, call: &'f mut AsyncCall<'_>) -> Calling<'f, BoxedError> {
        Box::pin(self.around_async(call))
    }
}

/// The call of an async node, as an [`AsyncLayer`] sees it. What can be seen of it, and said, is that of a [`NodeCall`].
///
/// ```
/// use std::time::Duration;
///
/// use millstream::{AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, Graph, Layer, NodeCall};
///
/// /// Asks once more after a pause, and then does without.
/// struct Patient;
///
/// impl Layer for Patient {
///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
///         Ok(call.proceed()?)
///     }
///
///     fn awaited(&self) -> Option<AwaitedLayer<'_>> {
///         Some(self.into())
///     }
/// }
///
/// impl AsyncLayer for Patient {
///     async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
///         if call.proceed().await.is_err() {
///             call.wait(Duration::from_millis(1)).await;
///             if let Err(error) = call.proceed().await {
///                 assert_eq!((call.node().name(), error.to_string().as_str()), ("rate", "closed"));
///                 call.set(1.0)?;
///             }
///         }
///         Ok(())
///     }
/// }
///
/// let graph = Graph::builder().try_async_function("rate", (), || async { Err::<f64, _>("closed") }).build()?;
/// let run = graph.driver().layer(Patient).build()?.execute_named(["rate"], ())?;
/// assert_eq!(run.get::<f64>("rate")?, &1.0);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Debug)]
pub struct AsyncCall<'c>(NodeCall<'c>);

impl<'c> Deref for AsyncCall<'c> {
    type Target = NodeCall<'c>;

    fn deref(&self) -> &NodeCall<'c> {
        &self.0
    }
}

impl AsyncCall<'_> {
    /// Calls what is within. See [`NodeCall::proceed`].
    ///
    /// # Errors
    /// Why it came to nothing.
    pub async fn proceed(&mut self) -> Result<(), CallError> {
        self.0.make_ready()?;
        let NodeCall { live, task, rest, attempt, .. } = &mut self.0;
        pass_async(live, &mut **task, rest, *attempt).await.map_err(CallError::of)
    }

    /// Gives the node a value, whether it was called or not. See [`NodeCall::set`].
    ///
    /// # Errors
    /// Where the node is of another type.
    pub fn set<T: NodeValue>(&mut self, value: T) -> Result<(), BoxedError> {
        self.0.set(value)
    }

    /// Waits for a time.
    pub async fn wait(&self, time: Duration) {
        self.0.live.wait_async(time).await;
    }
}

/// Calls a task through layers, without a thread while it waits. Each attempt may take so long.
pub(super) async fn call_async(
    live: &Live,
    task: &mut Claimed<'_>,
    layers: &[u32],
    attempt: u32,
    limit: Option<Duration>,
) -> Result<(), Fault> {
    pass_async(live, &mut Attempt { task: &mut *task, how: How::Await(limit) }, layers, attempt).await?;
    made(task)
}

fn pass_async<'p>(
    live: &'p Live,
    task: &'p mut (dyn Task + 'p),
    layers: &'p [u32],
    attempt: u32,
) -> Calling<'p, Fault> {
    let Some((first, rest)) = layers.split_first() else { return task.run_async() };
    Box::pin(async move {
        let Some(layer) = live.hooks().layer(*first).and_then(Layer::awaited) else {
            return pass(live, task, layers, attempt);
        };
        let outcome = {
            let mut call = AsyncCall(NodeCall { live, task: &mut *task, layer: *first, rest, attempt });
            match guard(|| layer.0.around(&mut call)) {
                Ok(around) => guarded(around).await,
                Err(fault) => Err(fault),
            }
        };
        ended(task, outcome)
    })
}
