//! What is said of a driver before it is made.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use millstream_compiler::graph::Problem;

use crate::error::{Error, ErrorKind};
use crate::graph::{Graph, GraphData, NodeData, RoleData};
use crate::hook::{AsyncHook, Hook, HooksBuilder, Layer};
use crate::run::{Pace, Plans, Policies, Retry};
use crate::value_type::type_called;

use super::{Core, Driver, ErrorPolicy, Executor, Nodes, Settings};

/// What a driver is made with.
///
/// ```
/// use millstream::{Executor, Graph};
///
/// let graph = Graph::builder().function("a", (), || 1.5).build()?;
/// let driver = graph.driver().executor(Executor::Sequential).timings(true).build()?;
/// assert_eq!(driver.execute_named(["a"], ())?.schedule().tasks().len(), 1);
/// # Ok::<(), millstream::Error>(())
/// ```
#[must_use = "a driver is not made before `build` is called"]
pub struct DriverBuilder<F = Graph> {
    graph: Graph,
    settings: Settings,
    retries: Vec<(Nodes, Retry)>,
    limits: Vec<(Nodes, Duration)>,
    hooks: HooksBuilder,
    /// With the names of their types.
    layers: Vec<(Nodes, String, Arc<dyn Layer>)>,
    pace: Pace,
    flow: PhantomData<fn() -> F>,
}

impl<F> DriverBuilder<F> {
    pub(crate) fn new(graph: Graph) -> Self {
        Self {
            graph,
            settings: Settings::default(),
            retries: Vec::new(),
            limits: Vec::new(),
            hooks: HooksBuilder::default(),
            layers: Vec::new(),
            pace: Pace::default(),
            flow: PhantomData,
        }
    }

    /// Who runs the nodes; [`Executor::Auto`] if nothing is said.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().build()?;
    /// let driver = graph.driver().executor(millstream::Executor::Sequential).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn executor(mut self, executor: Executor) -> Self {
        self.settings.executor = executor;
        self
    }

    /// Whether each run notes when each node ran, for how long and where. It costs reading the clock once or
    /// twice a node, which is more than a trivial node costs. For nodes in dynamic blocks nothing is noted: see
    /// [`Schedule`](crate::Schedule).
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    /// let run = graph.driver().timings(true).build()?.execute_named(["a"], ())?;
    /// assert!(run.schedule().tasks()[0].timing.is_some());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn timings(mut self, timings: bool) -> Self {
        self.settings.timings = timings;
        self
    }

    /// What becomes of a run when a node fails; it fails fast if nothing is said.
    ///
    /// ```
    /// use millstream::{ErrorPolicy, Graph};
    ///
    /// let graph = Graph::builder()
    ///     .try_function("bad", (), || Err::<f64, _>("no"))
    ///     .function("good", (), || 1.5)
    ///     .build()?;
    /// let driver = graph.driver().on_error(ErrorPolicy::KeepGoing).build()?;
    /// let run = driver.execute_named(["bad", "good"], ())?;
    /// assert_eq!(run.get::<f64>("good")?, &1.5);
    /// assert_eq!(format!("{:#}", run.get::<f64>("bad").unwrap_err()), "node `bad` failed: no");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn on_error(mut self, policy: ErrorPolicy) -> Self {
        self.settings.on_error = policy;
        self
    }

    /// Tries nodes again that fail. What is said last of a node counts, before what `#[node(retries = n)]` says.
    ///
    /// ```
    /// use millstream::{Graph, Nodes, Retry};
    ///
    /// let graph = Graph::builder().try_function("fetch", (), || Err::<f64, _>("closed")).build()?;
    /// let driver = graph.driver().retry(Nodes::all(), Retry::times(2)).build()?;
    /// let error = driver.execute_named(["fetch"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "node `fetch` failed after 3 attempts");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn retry(mut self, nodes: Nodes, retry: Retry) -> Self {
        self.retries.push((nodes, retry));
        self
    }

    /// Nodes may take that long, each attempt by itself; then they have failed. What is said last of a node counts,
    /// before what `#[node(timeout = "..")]` says.
    ///
    /// A thread cannot be ended from outside. So the node runs on one of its own: when its time is over the run
    /// goes on without it, and what it looks at stays until it ends; what it makes is dropped. What such a node
    /// borrows no other one can move, so it is cloned where another takes it by value, or the caller asks for it. It is
    /// [told](crate::NodeContext::is_cancelled), and a run [within](Driver::within) it ends.
    ///
    /// In a dynamic block only async nodes can be limited: [`build`](Self::build) refuses to limit another one there.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use millstream::{Graph, Nodes, NodeErrorKind};
    ///
    /// let (done, wait) = std::sync::mpsc::channel::<()>();
    /// let wait = std::sync::Mutex::new(wait);
    /// let graph = Graph::builder().function("slow", (), move || wait.lock().unwrap().recv().is_ok()).build()?;
    /// let driver = graph.driver().timeout(Nodes::named(["slow"]), Duration::from_millis(5)).build()?;
    /// let error = driver.execute_named(["slow"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "node `slow` took too long: more than 5ms");
    /// assert_eq!(error.failure().unwrap().kind(), NodeErrorKind::TimedOut);
    /// drop(done);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn timeout(mut self, nodes: Nodes, limit: Duration) -> Self {
        self.limits.push((nodes, limit));
        self
    }

    /// Each run may take that long. When its time is over it has failed, under every policy: nothing further is
    /// begun, and what runs is let finish without anybody waiting for it. Hooks that are told of the run itself, of its
    /// inputs, its beginning and its end, are waited for in any case: what they take is not part of that time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use millstream::{ErrorKind, Graph};
    ///
    /// let (done, wait) = std::sync::mpsc::channel::<()>();
    /// let wait = std::sync::Mutex::new(wait);
    /// let graph = Graph::builder()
    ///     .function("first", (), || 1)
    ///     .function("slow", ["first"], move |_: &i32| wait.lock().unwrap().recv().is_ok())
    ///     .function("last", ["slow"], |slow: &bool| *slow)
    ///     .build()?;
    /// let driver = graph.driver().deadline(Duration::from_millis(200)).build()?;
    /// let error = driver.execute_named(["last"], ()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TimedOut);
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the run was not over within 200ms; 1 of 3 nodes had run, `slow` was running"
    /// );
    /// drop(done);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.settings.deadline = Some(limit);
        self
    }

    /// Adds a hook, which listens to all runs of the driver. See [`Hook`].
    ///
    /// ```
    /// use millstream::{Graph, Hook, HookResult, RunInfo};
    ///
    /// struct Greet;
    /// impl Hook for Greet {
    ///     fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
    ///         println!("{} begins", run.id());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().hook(Greet).build()?.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn hook(self, hook: impl Hook) -> Self {
        self.add_hook(None, hook)
    }

    /// The same, but it is told of some nodes alone: of their calls, the blocks they open, the items of these, and what
    /// they say. It is told of all runs.
    ///
    /// ```
    /// use millstream::{Graph, Nodes, hooks::Timings};
    ///
    /// let times = Timings::new();
    /// let graph = Graph::builder().function("a", (), || 1.5).function("b", (), || 2.5).build()?;
    /// let driver = graph.driver().hook_on(Nodes::named(["a"]), times.clone()).build()?;
    /// driver.execute_named(["a", "b"], ())?;
    /// assert_eq!(times.nodes().iter().map(|times| times.node.as_str()).collect::<Vec<_>>(), ["a"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn hook_on(self, nodes: Nodes, hook: impl Hook) -> Self {
        self.add_hook(Some(nodes), hook)
    }

    fn add_hook(mut self, nodes: Option<Nodes>, hook: impl Hook) -> Self {
        self.add_layer_of(nodes.as_ref(), &hook, hook.layer());
        self.hooks.add(nodes, hook);
        self
    }

    /// Adds a hook that may wait, to the same list. See [`AsyncHook`].
    ///
    /// ```
    /// use millstream::{AsyncHook, Graph, HookResult, RunInfo};
    ///
    /// struct Greet;
    /// impl AsyncHook for Greet {
    ///     async fn before_run(&self, run: &RunInfo<'_>) -> HookResult {
    ///         tokio::task::yield_now().await;
    ///         println!("{} begins", run.id());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// graph.driver().async_hook(Greet).build()?.execute_named(["a"], ())?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn async_hook(self, hook: impl AsyncHook) -> Self {
        self.add_async_hook(None, hook)
    }

    /// The same, but it is told of some nodes alone, as with [`hook_on`](Self::hook_on).
    ///
    /// ```
    /// use millstream::{AsyncHook, Graph, HookResult, NodeEvent, Nodes, Points};
    ///
    /// struct Ask;
    /// impl AsyncHook for Ask {
    ///     fn listens(&self) -> Points {
    ///         Points::NODE
    ///     }
    ///
    ///     async fn before_node(&self, node: &NodeEvent<'_>) -> HookResult {
    ///         tokio::task::yield_now().await;
    ///         Err(format!("nobody wants `{}`", node.name()).into())
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("a", (), || 1.5).function("b", (), || 2.5).build()?;
    /// let driver = graph.driver().async_hook_on(Nodes::named(["b"]), Ask).build()?;
    /// assert!(driver.execute_named(["a"], ()).is_ok() && driver.execute_named(["b"], ()).is_err());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn async_hook_on(self, nodes: Nodes, hook: impl AsyncHook) -> Self {
        self.add_async_hook(Some(nodes), hook)
    }

    fn add_async_hook(mut self, nodes: Option<Nodes>, hook: impl AsyncHook) -> Self {
        self.add_layer_of(nodes.as_ref(), &hook, hook.layer());
        self.hooks.add_async(nodes, hook);
        self
    }

    /// Adds the layer that a hook brings, if it brings one.
    fn add_layer_of<H>(&mut self, nodes: Option<&Nodes>, _: &H, layer: Option<Arc<dyn Layer>>) {
        let nodes = nodes.cloned().unwrap_or_else(Nodes::all);
        self.layers.extend(layer.map(|layer| (nodes, type_called(type_name::<H>()), layer)));
    }

    /// Adds a layer round the calls of all nodes, within those that were added before. See [`Layer`].
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall};
    ///
    /// struct Nothing;
    /// impl Layer for Nothing {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         Ok(call.proceed()?)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("a", (), || 1.5).build()?;
    /// assert_eq!(graph.driver().layer(Nothing).build()?.execute_named(["a"], ())?.get::<f64>("a")?, &1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn layer(self, layer: impl Layer) -> Self {
        self.layer_on(Nodes::all(), layer)
    }

    /// The same round the calls of some nodes.
    ///
    /// ```
    /// use millstream::{BoxedError, Graph, Layer, NodeCall, Nodes};
    ///
    /// struct Zero;
    /// impl Layer for Zero {
    ///     fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
    ///         call.set(0.0)
    ///     }
    /// }
    ///
    /// let graph = Graph::builder().function("a", (), || 1.5).function("b", (), || 2.5).build()?;
    /// let run = graph.driver().layer_on(Nodes::named(["a"]), Zero).build()?.execute_named(["a", "b"], ())?;
    /// assert_eq!((run.get::<f64>("a")?, run.get::<f64>("b")?), (&0.0, &2.5));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn layer_on<L: Layer>(mut self, nodes: Nodes, layer: L) -> Self {
        self.layers.push((nodes, type_called(type_name::<L>()), Arc::new(layer)));
        self
    }

    #[doc(hidden)]
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Makes the driver.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().build()?;
    /// let driver = graph.driver().build()?;
    /// assert!(driver.graph().is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a node has variants and nothing has selected one: the graph was put together of a dataflow's
    /// graph, and not of that of a driver. Where a setting names a node that the graph lacks. What
    /// [hooks](Hook) have against the graph.
    pub fn build(self) -> Result<Driver<F>, Error> {
        let undecided = self.graph.data().nodes.iter().filter(
            |node| matches!(&node.role, RoleData::Function(function) if function.variants.len() != 1),
        );
        let problems: Vec<String> = undecided
            .map(|node| {
                format!(
                    "node `{}` has variants, and nothing selects one; take the graph from a driver of its dataflow, which has a config",
                    node.name
                )
            })
            .collect();
        if !problems.is_empty() {
            return Err(Error::problems_of(ErrorKind::Graph, problems));
        }
        let graph = self.graph.data();
        let mut policies = Policies::of(graph, self.pace);
        let mut problems = Vec::new();
        for (nodes, retry) in self.retries {
            policies.set_retry(graph, &nodes.find(graph, "retry", &mut problems), retry);
        }
        for (nodes, limit) in self.limits {
            policies.set_limit(graph, &nodes.find(graph, "timeout", &mut problems), limit);
        }
        problems.extend(limits_in_blocks(graph, &policies));
        let mut hooks = self.hooks.build(graph, &mut problems);
        for (nodes, name, layer) in self.layers {
            let nodes = nodes.find(graph, &format!("layer `{name}`"), &mut problems);
            if layer.repeats() {
                policies.set_repeated(graph, &nodes);
            }
            hooks.add_layer(graph, &nodes, name, layer);
        }
        problems.extend(hooks.problems(&self.graph));
        if !problems.is_empty() {
            return Err(Error::problems_of(ErrorKind::Graph, problems));
        }
        let (policies, hooks, plans) = (Arc::new(policies), Arc::new(hooks), Plans::default());
        let core = Core { graph: self.graph, settings: self.settings, policies, hooks, plans };
        Ok(Driver { core: Arc::new(core), flow: PhantomData })
    }
}

/// Nodes in blocks whose time is limited, though they cannot be given up.
fn limits_in_blocks(graph: &GraphData, policies: &Policies) -> Vec<String> {
    let limited = (0..).zip(&graph.nodes).filter(|(node, _)| policies.limit(*node).is_some());
    let problem = |(_, node): (u32, &NodeData)| {
        let (RoleData::Function(function), Some(block)) = (&node.role, node.scope.last()) else {
            return None;
        };
        let waits = function.variants.iter().all(|variant| variant.call.waits());
        let (name, block) = (node.name.to_string(), graph.name(*block).to_owned());
        (!waits).then(|| Problem::LimitInBlock { node: 0, name, block }.to_string())
    };
    limited.filter_map(problem).collect()
}

impl<F> fmt::Debug for DriverBuilder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverBuilder")
            .field("graph", &self.graph)
            .field("settings", &self.settings)
            .field("retries", &self.retries)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
