//! What stands round the call of a node.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::context::{Here, Level};
use crate::fault::{Fault, guard};
use crate::graph::GraphNode;
use crate::memory::Claimed;
use crate::node::NodeValue;
use crate::run::in_time;
use crate::value::{Value, ValueView};
use crate::value_type::Plain;

use super::event::{NodeEvent, RunInfo};
use super::{AwaitedLayer, BoxedError, Live};

/// Stands round the calls of nodes: [`DriverBuilder::layer`](crate::DriverBuilder::layer) adds one. Any number may do so
/// at once, and each sees only what is within it: the first that was added is the outermost.
///
/// In this order, from outside: hooks, the [`Retry`](crate::Retry) of the driver, layers, the time limit, the function. So a node that
/// is tried again passes all layers again, and hooks are told once.
///
/// ```
/// use millstream::{BoxedError, Graph, Layer, NodeCall};
///
/// /// At most 100, whatever the node says.
/// struct AtMost100;
///
/// impl Layer for AtMost100 {
///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
///         call.proceed()?;
///         if call.output().and_then(|value| value.downcast_ref::<f64>()).is_some_and(|value| *value > 100.0) {
///             call.set(100.0)?;
///         }
///         Ok(())
///     }
/// }
///
/// let graph = Graph::builder().function("speed", (), || 140.0).build()?;
/// let driver = graph.driver().layer(AtMost100).build()?;
/// assert_eq!(driver.execute_named(["speed"], ())?.get::<f64>("speed")?, &100.0);
/// # Ok::<(), millstream::Error>(())
/// ```
pub trait Layer: Send + Sync + 'static {
    /// Is to let the call [proceed](NodeCall::proceed), or to [set](NodeCall::set) a value in its place.
    ///
    /// # Errors
    /// The node fails with them. So it does with a panic, and where there is no value afterwards.
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError>;

    /// Whether it may let a call proceed more than once. Then the node keeps what it takes by value, and gets a clone
    /// each time.
    fn repeats(&self) -> bool {
        false
    }

    /// How it stands round async nodes without a thread while they wait, if it can: `Some(self.into())` of an
    /// [`AsyncLayer`](super::AsyncLayer). A node with one round it that says nothing waits on a thread of its own; in a
    /// dynamic block that is one for each item that waits.
    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        None
    }
}

impl<L: Layer + ?Sized> Layer for Arc<L> {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        (**self).around(call)
    }

    fn repeats(&self) -> bool {
        (**self).repeats()
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        (**self).awaited()
    }
}

/// The call of a node, as a [`Layer`] sees it.
pub struct NodeCall<'c> {
    pub(super) live: &'c Live,
    pub(super) task: &'c mut dyn Task,
    /// This layer, and those within it.
    pub(super) layer: u32,
    pub(super) rest: &'c [u32],
    pub(super) attempt: u32,
}

/// Calls a task that no layer stands round any more.
pub(super) type Call<'c> = &'c (dyn Fn(&mut Claimed<'_>) -> Result<(), Fault> + Sync);

/// How a task is called that no layer stands round any more.
#[derive(Clone, Copy)]
pub(super) enum How<'c> {
    Call(Call<'c>),
    /// It waits, for as long as it may take.
    Await(Option<Duration>),
}

/// A claimed task, and how it is called.
pub(super) struct Attempt<'a, 'i> {
    pub(super) task: &'a mut Claimed<'i>,
    pub(super) how: How<'a>,
}

/// The same, of whatever lifetimes.
pub(super) trait Task: Send + Sync {
    fn run(&mut self) -> Result<(), Fault>;
    fn run_async(&mut self) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>>;
    fn put(&mut self, value: Value) -> Result<Option<Value>, Fault>;
    fn unmake(&mut self) -> Result<(), Fault>;
    fn event<'e>(&'e self, live: &'e Live, attempt: u32) -> NodeEvent<'e>;
    fn here(&self) -> &Here;
    fn is_made(&self) -> bool;
    fn is_ready(&self) -> bool;
}

impl Task for Attempt<'_, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        match self.how {
            How::Call(call) => call(self.task),
            // A layer that knows only of threads is to go on.
            How::Await(_) => self.task.run(),
        }
    }

    fn run_async(&mut self) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>> {
        match self.how {
            How::Call(call) => Box::pin(ready(call(self.task))),
            How::Await(limit) => Box::pin(in_time(limit, self.task.run_async())),
        }
    }

    fn put(&mut self, value: Value) -> Result<Option<Value>, Fault> {
        self.task.put(value)
    }

    fn unmake(&mut self) -> Result<(), Fault> {
        self.task.unmake()
    }

    fn event<'e>(&'e self, live: &'e Live, attempt: u32) -> NodeEvent<'e> {
        NodeEvent::new(live, self.task, None, attempt)
    }

    fn here(&self) -> &Here {
        self.task.here()
    }

    fn is_made(&self) -> bool {
        self.task.is_made()
    }

    fn is_ready(&self) -> bool {
        self.task.is_ready()
    }
}

/// Why a call came to nothing. As the error of a [`Layer`] it is that of the node itself.
#[derive(Debug)]
pub struct CallError {
    fault: Fault,
}

impl CallError {
    pub(super) fn of(fault: Fault) -> Self {
        Self { fault }
    }

    /// Whether the node panicked, rather than return an error.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Zero;
    /// impl Layer for Zero {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         match call.proceed() {
    ///             Err(error) if error.panicked() => call.set(0.0),
    ///             outcome => Ok(outcome?),
    ///         }
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("bad", (), || -> f64 { panic!("no rows") }).build()?;
    /// let run = graph.driver().layer(Zero).build()?.execute_named(["bad"], ())?;
    /// assert_eq!(run.get::<f64>("bad")?, &0.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn panicked(&self) -> bool {
        matches!(self.fault, Fault::Panic(_))
    }

    /// The error that the node, or a layer within, has returned.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Tolerate;
    /// impl Layer for Tolerate {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         match call.proceed() {
    ///             Err(error) if error.cause().is_some_and(|cause| cause.is::<std::num::ParseIntError>()) => call.set(0),
    ///             outcome => Ok(outcome?),
    ///         }
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().try_function("n", (), || "x".parse::<i32>()).build()?;
    /// assert_eq!(graph.driver().layer(Tolerate).build()?.execute_named(["n"], ())?.get::<i32>("n")?, &0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.fault {
            Fault::Error(error) => Some(&**error),
            _ => None,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Error(error) => write!(f, "{error}"),
            Fault::Panic(message) => write!(f, "panicked: {message}"),
            Fault::Misfit(message) => f.write_str(message),
            Fault::TimedOut(limit) => write!(f, "took too long: more than {limit:?}"),
            Fault::Known(error) => write!(f, "{error}"),
            Fault::Item(_) | Fault::Stopped | Fault::End => f.write_str("it came to nothing"),
        }
    }
}

impl StdError for CallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause().and_then(StdError::source)
    }
}

/// Calls a task through layers.
pub(super) fn call(
    live: &Live,
    task: &mut Claimed<'_>,
    layers: &[u32],
    attempt: u32,
    call: Call<'_>,
) -> Result<(), Fault> {
    pass(live, &mut Attempt { task: &mut *task, how: How::Call(call) }, layers, attempt)?;
    made(task)
}

/// After all layers there has to be a value.
pub(super) fn made(task: &Claimed<'_>) -> Result<(), Fault> {
    if task.is_made() { Ok(()) } else { Err(Fault::Error(NO_VALUE.into())) }
}

const NO_VALUE: &str =
    "a layer has let nothing come of it; call `proceed` or `set` in each layer, or return an error";

pub(super) fn pass(live: &Live, task: &mut dyn Task, layers: &[u32], attempt: u32) -> Result<(), Fault> {
    let Some((first, rest)) = layers.split_first() else { return task.run() };
    let Some(layer) = live.hooks().layer(*first) else { return pass(live, task, rest, attempt) };
    let outcome =
        guard(|| layer.around(&mut NodeCall { live, task: &mut *task, layer: *first, rest, attempt }));
    ended(task, outcome)
}

/// What comes of a call after a layer.
pub(super) fn ended(
    task: &mut dyn Task,
    outcome: Result<Result<(), BoxedError>, Fault>,
) -> Result<(), Fault> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            // What it made is not wanted.
            let _ = task.unmake();
            Err(match error.downcast::<CallError>() {
                Ok(error) => error.fault,
                Err(error) => Fault::Error(error),
            })
        }
        Err(fault) => {
            let _ = task.unmake();
            Err(fault)
        }
    }
}

impl NodeCall<'_> {
    /// Calls what is within: the next layer, or the node itself. It may be called again where nothing was taken by
    /// value, or the layer [`repeats`](Layer::repeats); what came of the call before is dropped then.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Twice;
    /// impl Layer for Twice {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         call.proceed()?;
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// let calls = AtomicU32::new(0);
    /// let graph = Graph::builder().function("n", (), move || calls.fetch_add(1, Ordering::SeqCst)).build()?;
    /// assert_eq!(graph.driver().layer(Twice).build()?.execute_named(["n"], ())?.get::<u32>("n")?, &1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Why it came to nothing.
    pub fn proceed(&mut self) -> Result<(), CallError> {
        self.make_ready()?;
        pass(self.live, self.task, self.rest, self.attempt).map_err(CallError::of)
    }

    /// Takes back what came of a call before.
    pub(super) fn make_ready(&mut self) -> Result<(), CallError> {
        if self.task.is_made() {
            self.task.unmake().map_err(CallError::of)?;
        }
        let gone = || "what it took by value is gone; say that the layer `repeats`".to_owned();
        if self.task.is_ready() { Ok(()) } else { Err(CallError::of(Fault::Misfit(gone()))) }
    }

    /// Gives the node a value, whether it was called or not.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Constant;
    /// impl Layer for Constant {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         call.set(7)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("n", (), || -> i32 { unreachable!() }).build()?;
    /// assert_eq!(graph.driver().layer(Constant).build()?.execute_named(["n"], ())?.get::<i32>("n")?, &7);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the node is of another type.
    pub fn set<T: NodeValue>(&mut self, value: T) -> Result<(), BoxedError> {
        let left = match self.task.put(Value::of(value, Plain::<T>::TYPE)) {
            Ok(None) => return Ok(()),
            Ok(Some(left)) => left,
            Err(fault) => return Err(Box::new(CallError { fault })),
        };
        let (layer, name) = (self.live.hooks().layer_name(self.layer), self.node().name());
        let (is, was) = (self.node().type_name(), left.value_type().text());
        let expands = self.live.graph().data().node(self.node().index()).expands;
        let is = if expands { format!("Parallelizable<{is}>") } else { is };
        Err(format!("layer `{layer}`: `{name}` is `{is}`, but was given `{was}`; give it a `{is}`").into())
    }

    /// The node.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Small;
    /// impl Layer for Small {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         assert_eq!((call.node().name(), call.attempt()), ("n", 1));
    ///         assert_eq!(call.inputs().map(|(name, _)| name).collect::<Vec<_>>(), ["x"]);
    ///         assert!(call.output().is_none() && call.items().is_empty());
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().input_or("x", 1).function("n", ["x"], |x: &i32| x + 1).build()?;
    /// graph.driver().layer(Small).build()?.execute_named(["n"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn node(&self) -> GraphNode<'_> {
        self.task.event(self.live, self.attempt).node()
    }

    /// What it is called with, by the names of the nodes. What was taken by value is gone once it was called.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, ValueView<'_>)> {
        self.task.event(self.live, self.attempt).into_inputs()
    }

    /// What came of it, if it has been called; `None` where only parts of it are needed.
    #[must_use]
    pub fn output(&self) -> Option<ValueView<'_>> {
        self.task.event(self.live, self.attempt).into_output()
    }

    /// Everything that came of it by name: its value, if anybody needs it as a whole, and the parts that are needed.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, ValueView<'_>)> {
        self.task.event(self.live, self.attempt).into_outputs()
    }

    /// In dynamic blocks the items, of the outermost block first.
    #[must_use]
    pub fn items(&self) -> Vec<usize> {
        self.task.event(self.live, self.attempt).items()
    }

    /// How often the driver has tried it, with this time; from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> RunInfo<'_> {
        self.live.run()
    }

    /// Whether nobody wants any more what the node comes to. See [`NodeContext::is_cancelled`](crate::NodeContext::is_cancelled).
    ///
    /// ```
    /// use millstream::{BoxedError, CancellationToken, ErrorKind, Graph, Layer, NodeCall};
    ///
    /// struct CallOff(CancellationToken);
    /// impl Layer for CallOff {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         self.0.cancel();
    ///         assert!(call.is_cancelled());
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// let token = CancellationToken::new();
    /// let graph = Graph::builder().function("a", (), || 1).function("b", ["a"], |a: &i32| *a).build()?;
    /// let driver = graph.driver().layer(CallOff(token.clone())).build()?;
    /// let error = driver.cancel_with(&token).execute_named(["b"], ()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Cancelled);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.task.here().is_over(self.node().index())
    }

    /// Waits for a time, or until the run is called off.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Politely;
    /// impl Layer for Politely {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         call.wait(Duration::from_millis(1));
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("n", (), || 1).build()?;
    /// assert_eq!(graph.driver().layer(Politely).build()?.execute_named(["n"], ())?.get::<i32>("n")?, &1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn wait(&self, time: Duration) {
        self.live.wait(time);
    }

    /// Says something for the node to those who listen to [messages](super::Hook::message).
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, Level, NodeCall};
    ///
    /// struct Announce;
    /// impl Layer for Announce {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         call.log(Level::Info, format_args!("attempt {}", call.attempt()));
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("n", (), || 1).build()?;
    /// assert_eq!(graph.driver().layer(Announce).build()?.execute_named(["n"], ())?.get::<i32>("n")?, &1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn log(&self, level: Level, text: impl fmt::Display) {
        self.task.event(self.live, self.attempt).log(level, &text);
    }
}

impl fmt::Debug for NodeCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeCall")
            .field("node", &self.node().name())
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
