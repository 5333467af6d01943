//! Checking what nodes yield.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use crate::context::Level;
use crate::graph::{Graph, GraphNode, unknown_name};
use crate::hook::{
    AsyncCall, AsyncLayer, AwaitedLayer, BoxedError, Hook, HookResult, Layer, NodeCall, Points, RunInfo,
    ValueView,
};
use crate::hooks::short;
use crate::node::{Node, NodeValue};
use crate::value_type::Plain;

/// What must hold for a value: a text for people, and a closure that says whether it does. A node whose value does not
/// hold has failed; or there is a warning, if the check only [warns](Self::warns).
///
/// ```
/// use millstream::layers::Check;
///
/// let check = Check::new("must be between -60 and 60", |celsius: &f64| (-60.0..=60.0).contains(celsius));
/// assert_eq!(format!("{check:?}"), "must be between -60 and 60");
/// ```
pub struct Check<T> {
    rule: String,
    holds: Box<dyn Fn(&T) -> bool + Send + Sync>,
    warns: bool,
}

impl<T> Check<T> {
    /// One that fails the node. The rule is what follows on "but" where it is told that it does not hold.
    ///
    /// ```
    /// use millstream::layers::Check;
    ///
    /// let check = Check::new("must not be empty", |rows: &Vec<u8>| !rows.is_empty());
    /// # let _ = check;
    /// ```
    #[must_use]
    pub fn new(rule: impl Into<String>, holds: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        Self { rule: rule.into(), holds: Box::new(holds), warns: false }
    }

    /// One that only warns: the node says so, as a [`Level::Warn`] for those who listen to
    /// [messages](crate::Hook::message).
    ///
    /// ```
    /// use millstream::layers::Check;
    ///
    /// let check = Check::new("should not be empty", |rows: &Vec<u8>| !rows.is_empty()).warns();
    /// # let _ = check;
    /// ```
    #[must_use]
    pub fn warns(self) -> Self {
        Self { warns: true, ..self }
    }
}

impl<T> fmt::Debug for Check<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)
    }
}

/// Checks the values of nodes, and of parts of nodes; in dynamic blocks that of each item. What the caller gives is
/// checked, too, before anything runs. It is added as a [hook](crate::DriverBuilder::hook), which refuses checks that do
/// not fit the graph when the driver is built.
///
/// ```
/// use millstream::layers::{Check, Checks};
/// use millstream::prelude::*;
///
/// #[dataflow]
/// mod weather {
///     #[inputs]
///     pub struct Inputs {
///         pub fahrenheit: f64,
///     }
///
///     #[node]
///     pub fn celsius(fahrenheit: f64) -> f64 {
///         (fahrenheit - 32.0) / 1.8
///     }
///
///     #[node]
///     #[tag(unit = "celsius")]
///     pub fn felt(celsius: f64) -> f64 {
///         celsius - 3.0
///     }
/// }
///
/// let on_earth = || Check::new("must be between -60 and 60", |celsius: &f64| (-60.0..=60.0).contains(celsius));
/// let checks = Checks::new()
///     .on::<weather::celsius>(on_earth())
///     .tagged("unit", "celsius", on_earth().warns())
///     .all(Check::new("must be a number", |number: &f64| !number.is_nan()));
/// let inputs = |fahrenheit| weather::Inputs { fahrenheit };
/// let driver = weather::driver().hook(checks).build()?;
///
/// assert_eq!(driver.execute::<weather::felt>(inputs(50.0))?.into_values(), 7.0);
/// let error = driver.execute::<weather::felt>(inputs(212.0)).unwrap_err();
/// assert_eq!(error.failure().unwrap().message(), "`celsius` is 100.0, but must be between -60 and 60");
/// let error = driver.execute::<weather::felt>(inputs(f64::NAN)).unwrap_err();
/// let refused = "the inputs are refused: `fahrenheit` is NaN, but must be a number (hook `Checks`)";
/// assert_eq!(error.to_string(), refused);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checks {
    rules: Vec<Arc<Rule>>,
}

/// A check, whatever its type, and what it is for.
struct Rule {
    on: On,
    text: String,
    warns: bool,
    type_id: TypeId,
    type_name: fn() -> String,
    /// `None` for a value of another type.
    holds: Box<dyn Fn(ValueView<'_>) -> Option<bool> + Send + Sync>,
}

#[derive(Debug)]
enum On {
    All,
    Named(String),
    Tagged(String, String),
}

impl Checks {
    /// None yet.
    ///
    /// ```
    /// assert_eq!(format!("{:?}", millstream::layers::Checks::new()), "Checks { rules: [] }");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks a node by its type.
    ///
    /// ```
    /// # use millstream::layers::{Check, Checks};
    /// # use millstream::prelude::*;
    /// #[node]
    /// fn speed() -> f64 {
    ///     140.0
    /// }
    ///
    /// let checks = Checks::new().on::<speed>(Check::new("must not be negative", |speed| *speed >= 0.0));
    /// let driver = Graph::builder().node::<speed>().build()?.driver().hook(checks).build()?;
    /// assert_eq!(driver.execute::<speed>(())?.into_values(), 140.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn on<N: Node>(self, check: Check<N::Output>) -> Self {
        self.named(N::DESCRIPTOR.name, check)
    }

    /// Checks a node by its name.
    ///
    /// ```
    /// # use millstream::{Graph, layers::{Check, Checks}};
    /// let checks = Checks::new().named("sped", Check::new("must not be negative", |speed: &f64| *speed >= 0.0));
    /// let graph = Graph::builder().function("speed", (), || 140.0).build()?;
    /// let error = graph.driver().hook(checks).build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the graph is refused: `sped` is neither a node nor an input; did you mean `speed`? (hook `Checks`)"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn named<T: NodeValue>(self, name: impl Into<String>, check: Check<T>) -> Self {
        self.with(On::Named(name.into()), check)
    }

    /// Checks the nodes with a tag that has this value, as far as they are of the check's type.
    ///
    /// ```
    /// # use millstream::{Graph, layers::{Check, Checks}};
    /// let check = Check::new("must not be negative", |speed: &f64| *speed >= 0.0);
    /// let checks = Checks::new().tagged("unit", "km/h", check);
    /// let graph = Graph::builder().function("speed", (), || -1.0).tag("unit", ["km/h"]).build()?;
    /// let error = graph.driver().hook(checks).build()?.execute_named(["speed"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().message(), "`speed` is -1.0, but must not be negative");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn tagged<T: NodeValue>(
        self,
        key: impl Into<String>,
        value: impl Into<String>,
        check: Check<T>,
    ) -> Self {
        self.with(On::Tagged(key.into(), value.into()), check)
    }

    /// Checks all nodes of the check's type.
    ///
    /// ```
    /// # use millstream::{Graph, layers::{Check, Checks}};
    /// let checks = Checks::new().all(Check::new("must not be empty", |text: &String| !text.is_empty()));
    /// let graph = Graph::builder().function("name", (), String::new).build()?;
    /// let error = graph.driver().hook(checks).build()?.execute_named(["name"], ()).unwrap_err();
    /// assert_eq!(error.failure().unwrap().message(), "`name` is \"\", but must not be empty");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn all<T: NodeValue>(self, check: Check<T>) -> Self {
        self.with(On::All, check)
    }

    fn with<T: NodeValue>(mut self, on: On, check: Check<T>) -> Self {
        let Check { rule, holds, warns } = check;
        self.rules.push(Arc::new(Rule {
            on,
            text: rule,
            warns,
            type_id: TypeId::of::<T>(),
            type_name: || Plain::<T>::TYPE.text(),
            holds: Box::new(move |value| value.downcast_ref().map(&holds)),
        }));
        self
    }
}

impl Hook for Checks {
    fn listens(&self) -> Points {
        Points::INPUTS
    }

    fn layer(&self) -> Option<Arc<dyn Layer>> {
        Some(Arc::new(Checking { rules: self.rules.clone() }))
    }

    fn check_inputs(&self, run: &RunInfo<'_>) -> HookResult {
        complaints(&self.rules, run.graph(), run.inputs())
            .settle(|node, text| run.log(node, Level::Warn, text))
    }

    fn node_built(&self, node: GraphNode<'_>) -> HookResult {
        let named = |rule: &&Arc<Rule>| matches!(&rule.on, On::Named(name) if name == node.name());
        for rule in self.rules.iter().filter(named) {
            if node.opens_block() {
                return Err("what opens a block cannot be checked; check a node that takes its items".into());
            }
            if node.value_type().type_id() != rule.type_id {
                let (is, asked) = (node.type_name(), (rule.type_name)());
                return Err(format!("it is `{is}`, but a check takes it for `{asked}`; take `{is}`").into());
            }
        }
        Ok(())
    }

    fn graph_built(&self, graph: &Graph) -> HookResult {
        let unknown = self.rules.iter().filter_map(|rule| match &rule.on {
            On::Named(name) if graph.node(name).is_none() => {
                Some(unknown_name(graph.data(), name, "name a node of this graph"))
            }
            _ => None,
        });
        let unknown: Vec<String> = unknown.collect();
        if unknown.is_empty() { Ok(()) } else { Err(unknown.join("; ").into()) }
    }
}

/// The checks, round the calls of nodes.
struct Checking {
    rules: Vec<Arc<Rule>>,
}

impl Checking {
    fn check(&self, call: &NodeCall<'_>) -> Result<(), BoxedError> {
        let complaints = complaints(&self.rules, call.run().graph(), call.outputs());
        complaints.settle(|_, text| call.log(Level::Warn, text))
    }
}

impl Layer for Checking {
    fn around(&self, call: &mut NodeCall<'_>) -> Result<(), BoxedError> {
        call.proceed()?;
        self.check(call)
    }

    fn awaited(&self) -> Option<AwaitedLayer<'_>> {
        Some(self.into())
    }
}

impl AsyncLayer for Checking {
    async fn around_async(&self, call: &mut AsyncCall<'_>) -> Result<(), BoxedError> {
        call.proceed().await?;
        self.check(call)
    }
}

/// What does not hold.
#[derive(Default)]
struct Complaints<'g> {
    warnings: Vec<(GraphNode<'g>, String)>,
    failures: Vec<String>,
}

fn complaints<'g>(
    rules: &[Arc<Rule>],
    graph: &'g Graph,
    values: impl Iterator<Item = (&'g str, ValueView<'g>)>,
) -> Complaints<'g> {
    let mut complaints = Complaints::default();
    for (name, value) in values {
        let Some(node) = graph.node(name) else { continue };
        for rule in rules.iter().filter(|rule| rule.is_for(node) && (rule.holds)(value) == Some(false)) {
            let text = format!("`{name}` is {}, but {}", short(value, 80), rule.text);
            if rule.warns {
                complaints.warnings.push((node, text));
            } else {
                complaints.failures.push(text);
            }
        }
    }
    complaints
}

impl Complaints<'_> {
    /// Warns, and fails.
    fn settle(self, warn: impl Fn(GraphNode<'_>, &String)) -> Result<(), BoxedError> {
        for (node, text) in &self.warnings {
            warn(*node, text);
        }
        if self.failures.is_empty() { Ok(()) } else { Err(self.failures.join("; ").into()) }
    }
}

impl Rule {
    fn is_for(&self, node: GraphNode<'_>) -> bool {
        match &self.on {
            On::All => true,
            On::Named(name) => node.name() == name,
            On::Tagged(key, value) => node.has_tag(key, value.as_str()),
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.on, self.text)
    }
}
