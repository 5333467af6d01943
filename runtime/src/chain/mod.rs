//! Drivers one after another: what one computes feeds the inputs of those that come after it.

mod check;
mod drivers;
mod inputs;
mod journey;
mod names;
mod request;
mod route;
mod run;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::context::NodeContext;
use crate::driver::{Core, Driver, Execution, Named, Outputs};
use crate::error::{Error, ErrorKind};
use crate::graph::{Graph, GraphNode};
use crate::node::{Node, NodeValue};
use crate::run::CancellationToken;

pub use drivers::Drivers;
pub use inputs::{ChainInputs, ChainValues};
pub use request::ChainRequest;
pub use run::ChainRun;

use names::Names;

/// Drivers one after another, as [`Driver::then`] puts them together: an input of one is fed by the node of that name
/// in the nearest driver before it. Inputs that no driver feeds are the chain's; of several with one name the first says
/// what holds by default. Cloning it is cheap.
///
/// A request runs only the drivers that it needs, and of each only what those after it and the caller need. Values are
/// moved from one to the next. Each driver keeps its executor, its policies and its hooks. To hooks the runs of the
/// drivers are [parts](crate::RunInfo::parent) of one run, that of the chain.
///
/// Several drivers may have nodes of one name. Then the name means what was computed last, for a driver that comes
/// after them and for the caller. A node that is asked for as a type is that of its own driver.
///
/// ```
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod training {
///     #[inputs]
///     pub struct Inputs {
///         pub rows: Vec<f64>,
///     }
///
///     #[node]
///     pub fn mean(rows: &[f64]) -> f64 {
///         rows.iter().sum::<f64>() / rows.len() as f64
///     }
/// }
///
/// #[dataflow]
/// mod scoring {
///     #[inputs]
///     pub struct Inputs {
///         pub mean: f64,
///         pub limit: f64,
///     }
///
///     #[node]
///     pub fn score(mean: f64, limit: f64) -> f64 {
///         mean / limit
///     }
/// }
///
/// let chain = training::driver().build()?.then(&scoring::driver().build()?)?;
/// let inputs = (training::Inputs { rows: vec![1.0, 3.0] }, scoring::inputs().limit(4.0));
/// let run = chain.execute::<(scoring::score, training::mean)>(inputs)?;
/// assert_eq!(run.into_values(), (0.5, 2.0));
/// # Ok::<(), millstream::Error>(())
/// ```
///
/// # Failures
///
/// Where a driver [keeps going](crate::ErrorPolicy::KeepGoing), what it has comes to the next one all the same. What
/// is missing counts there as a node that has failed, so what needs it is skipped, or the run ends, as that driver's
/// policy has it. Where a driver fails fast, its failure ends the chain.
pub struct Chain<L = Graph> {
    parts: Arc<[Arc<Core>]>,
    drivers: PhantomData<fn() -> L>,
}

impl<F> Driver<F> {
    /// This driver and another one that comes after it. See [`Chain`].
    ///
    /// ```
    /// use millstream::{Graph, InputMap};
    ///
    /// let load = Graph::builder().function("rows", (), || vec![1.0, 2.0]).build()?.driver().build()?;
    /// let mean = Graph::builder()
    ///     .input::<Vec<f64>>("rows")
    ///     .function("mean", ["rows"], |rows: &[f64]| rows.iter().sum::<f64>() / 2.0)
    ///     .build()?
    ///     .driver()
    ///     .build()?;
    /// let chain = load.then(&mean)?;
    /// assert_eq!(chain.execute_named(["mean"], ())?.values().get::<f64>("mean")?, &1.5);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// An input of the other one is of another type than what this one has under its name, or this one has nothing
    /// that the other one takes.
    pub fn then<G>(&self, next: &Driver<G>) -> Result<Chain<(F, G)>, Error> {
        Chain::checked(vec![Arc::clone(&self.core), Arc::clone(&next.core)])
    }
}

impl<F> Chain<F> {
    /// A chain of drivers of one kind, however many: mostly such as have been put together at run time.
    ///
    /// ```
    /// use millstream::{Chain, Graph};
    ///
    /// let first = Graph::builder().function("step_0", (), || 1).build()?.driver().build();
    /// let mut drivers = vec![first?];
    /// for step in 1..20 {
    ///     let before = format!("step_{}", step - 1);
    ///     let graph = Graph::builder().input::<i32>(&before).function(format!("step_{step}"), [&*before], |n: &i32| n + 1);
    ///     drivers.push(graph.build()?.driver().build()?);
    /// }
    /// let run = Chain::of(&drivers)?.execute_named(["step_19"], ())?;
    /// assert_eq!(run.values().get::<i32>("step_19")?, &20);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Driver::then`].
    pub fn of<'d>(drivers: impl IntoIterator<Item = &'d Driver<F>>) -> Result<Self, Error>
    where
        F: 'd,
    {
        Self::checked(drivers.into_iter().map(|driver| Arc::clone(&driver.core)).collect())
    }
}

impl<L> Chain<L> {
    /// The chain and a driver that comes after it.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// let sum = Graph::builder()
    ///     .input::<i32>("one")
    ///     .input::<i32>("two")
    ///     .function("sum", ["one", "two"], |one: &i32, two: &i32| one + two)
    ///     .build()?;
    /// let chain = one.then(&two.driver().build()?)?.then(&sum.driver().build()?)?;
    /// assert_eq!(chain.execute_named(["sum"], ())?.values().get::<i32>("sum")?, &3);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Driver::then`], of the driver and all that come before it.
    pub fn then<G>(&self, next: &Driver<G>) -> Result<Chain<L::With<G>>, Error>
    where
        L: Drivers,
        L::With<G>: Drivers,
    {
        Chain::checked(self.parts.iter().chain([&next.core]).cloned().collect())
    }

    fn checked(parts: Vec<Arc<Core>>) -> Result<Self, Error> {
        let problems = Names::of(&parts).problems();
        if problems.is_empty() {
            Ok(Self { parts: parts.into(), drivers: PhantomData })
        } else {
            Err(Error::problems_of(ErrorKind::Graph, problems))
        }
    }

    /// The inputs that no driver feeds: what the caller supplies. One of several drivers comes once.
    ///
    /// ```
    /// # use millstream::Graph;
    /// let rows = Graph::builder().input::<String>("file").function("rows", ["file"], |file: &str| file.len()).build()?;
    /// let half = Graph::builder().input::<usize>("rows").function("half", ["rows"], |rows: &usize| rows / 2).build()?;
    /// let chain = rows.driver().build()?.then(&half.driver().build()?)?;
    /// assert_eq!(chain.inputs().map(|input| input.name()).collect::<Vec<_>>(), ["file"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn inputs(&self) -> impl Iterator<Item = GraphNode<'_>> {
        let open = Names::of(&self.parts).open();
        open.map(|(part, input)| GraphNode::new(self.parts[part].graph.data(), input))
    }

    /// Runs what the outputs `O` need: nodes of any of the drivers, as a type or a tuple of up to twelve. Inputs are a
    /// tuple of those of each driver, an [`InputMap`](crate::InputMap), or `()`: see [`ChainInputs`].
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow] mod first { #[node] pub fn one() -> i32 { 1 } }
    /// # #[dataflow] mod second {
    /// #     #[inputs] pub struct Inputs { pub one: i32 }
    /// #     #[node] pub fn two(one: i32) -> i32 { one + 1 }
    /// # }
    /// let chain = first::driver().build()?.then(&second::driver().build()?)?;
    /// assert_eq!(chain.execute::<(second::two, first::one)>(())?.into_values(), (2, 1));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Driver::execute`]: what is wrong with the request as a whole before anything runs, then what ended the run
    /// of a driver. Outputs that no driver has are told of before anything runs, too: a type does not say which
    /// drivers there are. So is a node in a dynamic block, whose type does not say that it is a list here: ask for that
    /// by its name, or for a node that collects it.
    pub fn execute<O: Outputs<Graph>>(
        &self,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<O::Values>, Error> {
        self.request().execute::<O>(inputs)
    }

    /// The same as a future. See [`Driver::execute_async`].
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod quotes {
    ///     #[node]
    ///     pub async fn price() -> f64 {
    ///         std::future::ready(2.6).await
    ///     }
    /// }
    ///
    /// #[dataflow]
    /// mod offers {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub price: f64,
    ///     }
    ///
    ///     #[node]
    ///     pub fn rounded(price: f64) -> i64 {
    ///         price.round() as i64
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chain = quotes::driver().build()?.then(&offers::driver().build()?)?;
    /// let runtime = tokio::runtime::Runtime::new()?;
    /// let run = runtime.block_on(chain.execute_async::<offers::rounded>(()))?;
    /// assert_eq!(run.into_values(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The future yields an error where [`execute`](Self::execute) would.
    pub fn execute_async<O: Outputs<Graph>>(
        &self,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<O::Values>> {
        self.request().execute_async::<O>(inputs)
    }

    /// Runs what the outputs of these names need.
    ///
    /// ```
    /// # use millstream::{Graph, InputMap};
    /// # let one = Graph::builder().input::<i32>("zero").function("one", ["zero"], |zero: &i32| zero + 1).build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.driver().build()?.then(&two.driver().build()?)?;
    /// let run = chain.execute_named(["two", "one"], InputMap::new().set("zero", 0))?;
    /// assert_eq!(run.values().to_json()?, serde_json::json!({ "two": 2, "one": 1 }));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub fn execute_named<S: AsRef<str>>(
        &self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<Named>, Error> {
        self.request().execute_named(outputs, inputs)
    }

    /// The same as a future. See [`execute_async`](Self::execute_async).
    pub fn execute_named_async<S: AsRef<str>>(
        &self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<Named>> {
        self.request().execute_named_async(outputs, inputs)
    }

    /// Runs what the outputs `O` need, and keeps going whatever fails, in all drivers: each output is a `Result`. See
    /// [`Driver::execute_partial`].
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow] mod first { #[node] pub fn one() -> Result<i32, String> { Err("no".to_owned()) } }
    /// # #[dataflow] mod second {
    /// #     #[inputs] pub struct Inputs { pub one: i32 }
    /// #     #[node] pub fn two(one: i32) -> i32 { one + 1 }
    /// # }
    /// let chain = first::driver().build()?.then(&second::driver().build()?)?;
    /// let two = chain.execute_partial::<second::two>(())?.into_values();
    /// assert_eq!(two.unwrap_err().node(), "one");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those that there are before any node runs, and where the time of a driver's run is over or the run is called off.
    pub fn execute_partial<O: Outputs<Graph>>(
        &self,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<O::Partial>, Error> {
        self.request().execute_partial::<O>(inputs)
    }

    /// The same as a future. See [`execute_async`](Self::execute_async).
    pub fn execute_partial_async<O: Outputs<Graph>>(
        &self,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<O::Partial>> {
        self.request().execute_partial_async::<O>(inputs)
    }

    /// A request in which the node `N` of one of the drivers has the value `value`. See [`Driver::override_value`].
    ///
    /// ```
    /// # use millstream::prelude::*;
    /// # #[dataflow] mod first { #[node] pub fn one() -> i32 { 1 } }
    /// # #[dataflow] mod second {
    /// #     #[inputs] pub struct Inputs { pub one: i32 }
    /// #     #[node] pub fn two(one: i32) -> i32 { one + 1 }
    /// # }
    /// let chain = first::driver().build()?.then(&second::driver().build()?)?;
    /// let request = chain.override_value::<first::one>(10);
    /// assert_eq!(request.execute::<second::two>(())?.into_values(), 11);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_value<N: Node>(&self, value: N::Output) -> ChainRequest<'_, L> {
        self.request().override_value::<N>(value)
    }

    /// The same by name.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let run = chain.override_named("one", 10).execute_named(["two"], ())?;
    /// assert_eq!(run.values().get::<i32>("two")?, &11);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_named<T: NodeValue>(&self, name: impl Into<String>, value: T) -> ChainRequest<'_, L> {
        self.request().override_named(name, value)
    }

    /// A request that can be called off, whichever driver runs. See [`CancellationToken`].
    ///
    /// ```
    /// # use millstream::{CancellationToken, ErrorKind, Graph};
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let token = CancellationToken::new();
    /// token.cancel();
    /// let error = chain.cancel_with(&token).execute_named(["two"], ()).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Cancelled);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn cancel_with(&self, token: &CancellationToken) -> ChainRequest<'_, L> {
        self.request().cancel_with(token)
    }

    /// A request from within a node. See [`Driver::within`].
    ///
    /// ```
    /// use millstream::{Error, Graph, NodeContext};
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let outer = Graph::builder()
    ///     .try_function("answer", (), move |run: NodeContext<'_>| -> Result<i32, Error> {
    ///         chain.within(run).execute_named(["two"], ())?.into_values().take("two")
    ///     })
    ///     .build()?;
    /// assert_eq!(outer.driver().build()?.execute_named(["answer"], ())?.get::<i32>("answer")?, &2);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn within(&self, run: NodeContext<'_>) -> ChainRequest<'_, L> {
        self.request().within(run)
    }

    fn request(&self) -> ChainRequest<'_, L> {
        ChainRequest::new(self)
    }
}

impl<L> Clone for Chain<L> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), drivers: PhantomData }
    }
}

impl<L> fmt::Debug for Chain<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|part| &part.graph)).finish()
    }
}
