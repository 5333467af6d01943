//! Drivers: a graph, ready to be run.

mod builder;
mod execution;
mod inputs;
mod named;
mod nodes;
mod outputs;
mod policy;
mod request;
mod result;

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::context::NodeContext;
use crate::descriptor::FlowTable;
use crate::error::Error;
use crate::graph::{Graph, GraphData};
use crate::hook::Hooks;
use crate::node::{Flow, Member, NodeValue, Whole};
use crate::run::{CancellationToken, Plans, Policies};

pub use builder::DriverBuilder;
pub use execution::Execution;
pub(crate) use inputs::Entry;
pub use inputs::{InputMap, InputValues, IntoInputs};
pub use named::{Named, ResultBuilder};
pub use nodes::Nodes;
pub use outputs::Outputs;
pub(crate) use outputs::Wanted;
pub use policy::ErrorPolicy;
pub use request::Request;
pub(crate) use request::{Supplied, misfit};
pub use result::Run;

/// Who runs the nodes. The results are the same.
///
/// ```
/// use millstream::{Executor, Graph};
///
/// let graph = Graph::builder().function("a", (), || 1.5).build()?;
/// for executor in [Executor::Sequential, Executor::Rayon, Executor::Auto] {
///     let run = graph.driver().executor(executor).build()?.execute_named(["a"], ())?;
///     assert_eq!(run.get::<f64>("a")?, &1.5);
/// }
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Executor {
    /// The calling thread, one node after another.
    Sequential,
    /// The rayon pool of the calling thread, or the global one: nodes that do not need each other run at the
    /// same time.
    Rayon,
    /// One thread or the rayon pool, whichever has shown to be faster: a driver notes now and then how long the nodes
    /// of a request take. The first run goes to the pool.
    #[default]
    Auto,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) executor: Executor,
    pub(crate) timings: bool,
    pub(crate) on_error: ErrorPolicy,
    pub(crate) deadline: Option<Duration>,
}

/// Runs a graph, as often as wanted and from as many threads. Cloning it is cheap.
///
/// `F` is the dataflow as a type, or [`Graph`] where the graph was put together at run time.
///
/// A request says what it asks for in angles: `driver.execute::<total>(inputs)`, or a tuple of up to twelve nodes; without
/// them rustc asks for a type. Thirteen outputs and more are asked for by name, with
/// [`execute_named`](Self::execute_named), as are those that are known at run time only. What a dataflow's `driver(..)`
/// gives is a [`DriverBuilder`], which answers no requests before [`build`](DriverBuilder::build).
///
/// ```
/// use millstream::{Graph, InputMap};
///
/// let graph = Graph::builder().input::<f64>("x").function("twice", ["x"], |x: &f64| x * 2.0).build()?;
/// let driver = graph.driver().build()?;
/// for x in [1.0, 2.0] {
///     let run = driver.execute_named(["twice"], InputMap::new().set("x", x))?;
///     assert_eq!(run.get::<f64>("twice")?, &(x * 2.0));
/// }
/// # Ok::<(), millstream::Error>(())
/// ```
pub struct Driver<F = Graph> {
    pub(crate) core: Arc<Core>,
    flow: PhantomData<fn() -> F>,
}

pub(crate) struct Core {
    pub(crate) graph: Graph,
    pub(crate) settings: Settings,
    pub(crate) policies: Arc<Policies>,
    pub(crate) hooks: Arc<Hooks>,
    pub(crate) plans: Plans,
}

/// A builder of a driver for the dataflow `F`, with the variants that `config` selects.
pub fn driver<F: Flow>(config: &F::Config) -> DriverBuilder<F> {
    let selection = F::select(config);
    DriverBuilder::new(known_graph((TypeId::of::<F>(), selection), |selection| {
        let table: &'static FlowTable = F::TABLE;
        let data = GraphData::of_table(table);
        if table.conditional.is_empty() { data } else { data.selected(table.conditional, selection) }
    }))
}

/// The graph of a dataflow with the variants of a selection: made once, for as many drivers as there are. They are as
/// many as there are dataflows and ways to select that the program uses.
fn known_graph(key: (TypeId, Vec<u8>), make: impl FnOnce(&[u8]) -> GraphData) -> Graph {
    static KNOWN: RwLock<BTreeMap<(TypeId, Vec<u8>), Graph>> = RwLock::new(BTreeMap::new());
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    known.unwrap_or_else(|| {
        // What the macro wrote is copied here; nothing of the user's runs.
        let graph = Graph::of(make(&key.1));
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(graph).clone()
    })
}

impl<F> Driver<F> {
    /// The graph it runs: of each node the variant that was selected.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().input::<f64>("a").build()?;
    /// assert_eq!(graph.driver().build()?.graph().hash(), graph.hash());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.core.graph
    }

    /// The calls that some outputs need as the text of a Rust function, with the variants that the config has selected:
    /// see [`Graph::to_source`].
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// pub mod sums {
    ///     #[config]
    ///     pub struct Config {
    ///         pub exact: bool,
    ///     }
    ///
    ///     #[node]
    ///     #[when(exact = true)]
    ///     pub fn sum__exact() -> f64 {
    ///         1.5
    ///     }
    ///
    ///     #[node]
    ///     #[when(exact = false)]
    ///     pub fn sum__rough() -> f64 {
    ///         2.0
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let driver = sums::driver(sums::Config { exact: true }).build()?;
    /// assert!(driver.to_source(["sum"])?.contains("let sum = sums::sum__exact();"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::to_source`].
    pub fn to_source<S: AsRef<str>>(&self, outputs: impl IntoIterator<Item = S>) -> Result<String, Error> {
        self.graph().to_source(outputs)
    }

    /// Runs what the outputs `O` need: a node as a type, or a tuple of up to twelve. More are asked for by name, with
    /// [`execute_named`](Self::execute_named).
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow]
    /// # mod costs {
    /// #     #[inputs]
    /// #     pub struct Inputs {
    /// #         pub spend: Vec<f64>,
    /// #         pub signups: f64,
    /// #     }
    /// #     #[node]
    /// #     pub fn total(spend: &[f64]) -> f64 {
    /// #         spend.iter().sum()
    /// #     }
    /// #     #[node]
    /// #     pub fn per_signup(total: &f64, signups: &f64) -> f64 {
    /// #         total / signups
    /// #     }
    /// # }
    /// let driver = costs::driver().build()?;
    /// let inputs = costs::Inputs { spend: vec![10.0, 30.0], signups: 4.0 };
    /// let (total, per_signup) = driver.execute::<(costs::total, costs::per_signup)>(inputs)?.into_values();
    /// assert_eq!((total, per_signup), (40.0, 10.0));
    ///
    /// let error = driver.execute::<costs::total>(()).unwrap_err();
    /// assert_eq!(error.to_string(), "input `spend` is missing, which `total` needs; supply a `Vec<f64>`");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Before any node runs: inputs that are missing, unknown or of another type, and values that would have to
    /// be cloned and cannot be. Then: the node that failed; where the driver [keeps
    /// going](ErrorPolicy::KeepGoing), only if an output is missing.
    ///
    /// Where async nodes are needed, this thread waits for them; with the feature `tokio` they find a runtime that is
    /// started at the first such run. In a task of tokio that is an error: use [`execute_async`](Self::execute_async)
    /// there, or a thread that may be blocked (`spawn_blocking`). It is an error, too, in a node that is not async of a run
    /// that such a task awaits, whatever thread the node happens to be on: make the node async.
    ///
    /// Without the feature `tokio` nobody can tell, and the runtime is blocked. Where there is none, async nodes find
    /// none: such as need tokio's timers or sockets panic. Enable the feature, or await `execute_async` in a runtime.
    pub fn execute<O: Outputs<F>>(&self, inputs: impl IntoInputs<F>) -> Result<Run<O::Values>, Error> {
        self.request().execute::<O>(inputs)
    }

    /// The same as a future, in whatever runtime: async nodes wait together, and the others do not hold it up, for they
    /// run on the rayon pool where they take longer than a few microseconds (or on the thread that polls, if the driver
    /// is [`Sequential`](Executor::Sequential)). So a node that may have to block is better async, or has a [time
    /// limit](DriverBuilder::timeout), which gives it a thread. Graphs with async nodes and graphs without are run alike.
    /// See [`Execution`] for what happens when it is dropped.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod quotes {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub symbol: String,
    ///     }
    ///
    ///     /// Waits for an answer.
    ///     #[node]
    ///     pub async fn price(symbol: &str) -> f64 {
    ///         std::future::ready(symbol.len() as f64).await
    ///     }
    ///
    ///     #[node]
    ///     pub fn rounded(price: &f64) -> i64 {
    ///         price.round() as i64
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let runtime = tokio::runtime::Runtime::new()?;
    /// let rounded = runtime.block_on(async {
    ///     let inputs = quotes::Inputs { symbol: "ABC".to_owned() };
    ///     quotes::driver().build()?.execute_async::<quotes::rounded>(inputs).await
    /// })?;
    /// assert_eq!(rounded.into_values(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The future yields an error where [`execute`](Self::execute) would.
    pub fn execute_async<O: Outputs<F>>(&self, inputs: impl IntoInputs<F>) -> Execution<Run<O::Values>> {
        self.request().execute_async::<O>(inputs)
    }

    /// Runs what the outputs of these names need.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let driver = Graph::builder().function("warmest_day", (), || 31.5).build()?.driver().build()?;
    /// assert_eq!(driver.execute_named(["warmest_day"], ())?.into_values().take::<f64>("warmest_day")?, 31.5);
    ///
    /// let error = driver.execute_named(["warmst_day"], ()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`warmst_day` is neither a node nor an input; did you mean `warmest_day`?"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// Where the driver [keeps going](ErrorPolicy::KeepGoing), an output that is missing is left out, and
    /// [`get`](Run::get) and [`take`](Run::take) of it say why.
    ///
    /// # Errors
    /// As [`execute`](Self::execute), and unknown names.
    pub fn execute_named<S: AsRef<str>>(
        &self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl IntoInputs<F>,
    ) -> Result<Run<Named>, Error> {
        self.request().execute_named(outputs, inputs)
    }

    /// The same as a future. See [`execute_async`](Self::execute_async).
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let runtime = tokio::runtime::Runtime::new().unwrap();
    /// # runtime.block_on(async {
    /// let graph = Graph::builder()
    ///     .async_function("spend", (), || async { 12.0 })
    ///     .function("half", ["spend"], |spend: &f64| spend / 2.0)
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named_async(["half"], ()).await?;
    /// assert_eq!(run.get::<f64>("half")?, &6.0);
    /// # Ok::<(), millstream::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn execute_named_async<S: AsRef<str>>(
        &self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl IntoInputs<F>,
    ) -> Execution<Run<Named>> {
        self.request().execute_named_async(outputs, inputs)
    }

    /// Runs what the outputs `O` need, and [keeps going](ErrorPolicy::KeepGoing) whatever fails, for this run: each
    /// output is a `Result`, which says which node is to blame where there is no value.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod prices {
    ///     #[node]
    ///     pub fn quote() -> Result<f64, String> {
    ///         Err("the exchange is closed".to_owned())
    ///     }
    ///
    ///     #[node]
    ///     pub fn price(quote: &f64) -> f64 {
    ///         quote * 1.1
    ///     }
    ///
    ///     #[node]
    ///     pub fn fee() -> f64 {
    ///         0.5
    ///     }
    /// }
    ///
    /// let run = prices::driver().build()?.execute_partial::<(prices::price, prices::fee)>(())?;
    /// let (price, fee) = run.into_values();
    /// assert_eq!(price.unwrap_err().node(), "quote");
    /// assert_eq!(fee.ok(), Some(0.5));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those that there are before any node runs. See [`execute`](Self::execute).
    pub fn execute_partial<O: Outputs<F>>(
        &self,
        inputs: impl IntoInputs<F>,
    ) -> Result<Run<O::Partial>, Error> {
        self.request().execute_partial::<O>(inputs)
    }

    /// The same as a future. See [`execute_async`](Self::execute_async).
    pub fn execute_partial_async<O: Outputs<F>>(
        &self,
        inputs: impl IntoInputs<F>,
    ) -> Execution<Run<O::Partial>> {
        self.request().execute_partial_async::<O>(inputs)
    }

    /// A request in which the node `N` has the value `value`: neither it nor what only it needs runs.
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow]
    /// # mod costs {
    /// #     #[inputs]
    /// #     pub struct Inputs {
    /// #         pub spend: Vec<f64>,
    /// #         pub signups: f64,
    /// #     }
    /// #     #[node]
    /// #     pub fn total(spend: &[f64]) -> f64 {
    /// #         spend.iter().sum()
    /// #     }
    /// #     #[node]
    /// #     pub fn per_signup(total: &f64, signups: &f64) -> f64 {
    /// #         total / signups
    /// #     }
    /// # }
    /// let driver = costs::driver().build()?;
    /// let request = driver.override_value::<costs::total>(100.0);
    /// let per_signup = request.execute::<costs::per_signup>(costs::inputs().signups(4.0))?.into_values();
    /// assert_eq!(per_signup, 25.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_value<N: Member<F>>(&self, value: Whole<F, N>) -> Request<'_, F> {
        self.request().override_value::<N>(value)
    }

    /// The same by name.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let driver = Graph::builder()
    ///     .function("rows", (), || vec![1.0, 2.0])
    ///     .function("sum", ["rows"], |rows: &[f64]| rows.iter().sum::<f64>())
    ///     .build()?
    ///     .driver()
    ///     .build()?;
    /// let run = driver.override_named("rows", vec![0.5]).execute_named(["sum"], ())?;
    /// assert_eq!(run.get::<f64>("sum")?, &0.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_named<T: NodeValue>(&self, name: impl Into<String>, value: T) -> Request<'_, F> {
        self.request().override_named(name, value)
    }

    /// A request that can be called off. See [`CancellationToken`].
    ///
    /// ```
    /// # let driver = millstream::Graph::builder().function("a", (), || 1.5).build()?.driver().build()?;
    /// let token = millstream::CancellationToken::new();
    /// token.cancel();
    /// let error = driver.cancel_with(&token).execute_named(["a"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "the run was cancelled; 0 of 1 nodes had run");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn cancel_with(&self, token: &CancellationToken) -> Request<'_, F> {
        self.request().cancel_with(token)
    }

    /// A request from within a node: its run is a part of that of the node, as hooks [see](crate::RunInfo::parent), and
    /// ends with it, whether that is called off or its time is over. A driver that does nothing else is a node by
    /// [`sub_driver`](crate::GraphBuilder::sub_driver).
    ///
    /// ```
    /// use millstream::{Error, Graph, InputMap, NodeContext};
    ///
    /// let inner = Graph::builder().input::<f64>("x").function("twice", ["x"], |x: &f64| x * 2.0).build()?;
    /// let inner = inner.driver().build()?;
    /// let outer = Graph::builder()
    ///     .try_function("four", (), move |run: NodeContext<'_>| -> Result<f64, Error> {
    ///         inner.within(run).execute_named(["twice"], InputMap::new().set("x", 2.0))?.take("twice")
    ///     })
    ///     .build()?;
    /// assert_eq!(outer.driver().build()?.execute_named(["four"], ())?.get::<f64>("four")?, &4.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn within(&self, run: NodeContext<'_>) -> Request<'_, F> {
        self.request().within(run)
    }

    fn request(&self) -> Request<'_, F> {
        Request::new(self)
    }

    /// The same, by names alone.
    pub(crate) fn untyped(&self) -> Driver {
        Driver { core: Arc::clone(&self.core), flow: PhantomData }
    }
}

impl<F> Clone for Driver<F> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), flow: PhantomData }
    }
}

impl<F> fmt::Debug for Driver<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("graph", &self.core.graph)
            .field("settings", &self.core.settings)
            .finish()
    }
}
