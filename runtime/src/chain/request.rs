//! One request to a chain: checked as a whole, then run driver by driver.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::context::NodeContext;
use crate::driver::{Entry, Execution, Named, Outputs, misfit};
use crate::error::Error;
use crate::graph::Graph;
use crate::hook::Line;
use crate::node::{Node, NodeValue};
use crate::run::{self, CancellationToken};

use super::check::{Output, Override, check};
use super::journey::{Arrived, Goal, Journey};
use super::{Chain, ChainInputs, ChainRun};

/// A request to a [`Chain`] in which some nodes have values that the caller gives.
///
/// ```
/// use millstream::Graph;
///
/// let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
/// let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
/// let chain = one.then(&two.driver().build()?)?;
/// let run = chain.override_named("one", 10).override_named("two", 20).execute_named(["one", "two"], ())?;
/// assert_eq!(run.values().to_json()?, serde_json::json!({ "one": 10, "two": 20 }));
/// # Ok::<(), millstream::Error>(())
/// ```
#[must_use = "nothing runs before `execute` or `execute_named` is called"]
pub struct ChainRequest<'c, L> {
    chain: &'c Chain<L>,
    overrides: Vec<Override>,
    token: Option<CancellationToken>,
    line: Line,
}

impl<'c, L> ChainRequest<'c, L> {
    pub(super) fn new(chain: &'c Chain<L>) -> Self {
        Self { chain, overrides: Vec::new(), token: None, line: Line::default() }
    }

    /// The node `N` has the value `value`. See [`Chain::override_value`].
    pub fn override_value<N: Node>(mut self, value: N::Output) -> Self {
        let entry = Entry::named(N::DESCRIPTOR.name, value);
        self.overrides.push(Override { id: Some(N::DESCRIPTOR.id), entry });
        self
    }

    /// The same by name.
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let run = chain.override_named("one", 5).override_named("one", 6).execute_named(["two"], ())?;
    /// assert_eq!(run.values().get::<i32>("two")?, &7);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_named<T: NodeValue>(mut self, name: impl Into<String>, value: T) -> Self {
        self.overrides.push(Override { id: None, entry: Entry::named(name, value) });
        self
    }

    /// The request can be called off with the token. See [`Chain::cancel_with`].
    pub fn cancel_with(mut self, token: &CancellationToken) -> Self {
        self.token = Some(token.clone());
        self
    }

    /// The run is a part of the one that a node is in. See [`Chain::within`].
    pub fn within(mut self, run: NodeContext<'_>) -> Self {
        self.line = run.child().unwrap_or_default();
        self
    }

    /// Runs what the outputs `O` need. See [`Chain::execute`].
    ///
    /// # Errors
    /// As [`Chain::execute`].
    pub fn execute<O: Outputs<Graph>>(
        self,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<O::Values>, Error> {
        values_of::<O>(run(self.journey(&typed::<O>(), inputs, false))?)
    }

    /// The same as a future. See [`Chain::execute_async`].
    pub fn execute_async<O: Outputs<Graph>>(
        self,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<O::Values>> {
        let journey = self.journey(&typed::<O>(), inputs, false);
        Execution::new(async { values_of::<O>(run_async(journey).await?) })
    }

    /// Runs what the outputs `O` need, as far as it can. See [`Chain::execute_partial`].
    ///
    /// # Errors
    /// As [`Chain::execute_partial`].
    pub fn execute_partial<O: Outputs<Graph>>(
        self,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<O::Partial>, Error> {
        partial_of::<O>(run(self.journey(&typed::<O>(), inputs, true))?)
    }

    /// The same as a future. See [`Chain::execute_partial_async`].
    pub fn execute_partial_async<O: Outputs<Graph>>(
        self,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<O::Partial>> {
        let journey = self.journey(&typed::<O>(), inputs, true);
        Execution::new(async { partial_of::<O>(run_async(journey).await?) })
    }

    /// Runs what the outputs of these names need. See [`Chain::execute_named`].
    ///
    /// ```
    /// # use millstream::Graph;
    /// # let one = Graph::builder().function("one", (), || 1).build()?.driver().build()?;
    /// # let two = Graph::builder().input::<i32>("one").function("two", ["one"], |one: &i32| one + 1).build()?;
    /// # let chain = one.then(&two.driver().build()?)?;
    /// let run = chain.override_named("one", 5).execute_named(["two"], ())?;
    /// assert_eq!(run.values().get::<i32>("two")?, &6);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Chain::execute_named`].
    pub fn execute_named<S: AsRef<str>>(
        self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl ChainInputs<L>,
    ) -> Result<ChainRun<Named>, Error> {
        let names = distinct(outputs);
        let arrived = run(self.journey(&by_name(&names), inputs, false))?;
        Ok(named_of(names, arrived))
    }

    /// The same as a future. See [`Chain::execute_named_async`].
    pub fn execute_named_async<S: AsRef<str>>(
        self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl ChainInputs<L>,
    ) -> Execution<ChainRun<Named>> {
        let names = distinct(outputs);
        let journey = self.journey(&by_name(&names), inputs, false);
        Execution::new(async { Ok(named_of(names, run_async(journey).await?)) })
    }

    /// Checks the request as a whole, and sets out.
    fn journey(
        self,
        asked: &[Output],
        inputs: impl ChainInputs<L>,
        is_partial: bool,
    ) -> Result<Journey, Error> {
        let checked = check(&self.chain.parts, asked, inputs.into_values(), self.overrides)?;
        let goal = Goal { is_partial, token: self.token, line: self.line };
        Ok(Journey::new(Arc::clone(&self.chain.parts), checked, goal))
    }
}

/// Runs the drivers one after another.
fn run(journey: Result<Journey, Error>) -> Result<Arrived, Error> {
    let mut journey = journey?;
    while let Some(step) = journey.next() {
        match run::run(&step.core, step.asked, step.given) {
            Ok(finished) => journey.arrived(finished),
            Err(error) => return Err(journey.ended(error)),
        }
    }
    Ok(journey.over())
}

/// The same as a future.
async fn run_async(journey: Result<Journey, Error>) -> Result<Arrived, Error> {
    let mut journey = journey?;
    while let Some(step) = journey.next() {
        match run::run_async(step.core, step.asked, step.given).await {
            Ok(finished) => journey.arrived(finished),
            Err(error) => return Err(journey.ended(error)),
        }
    }
    Ok(journey.over())
}

fn values_of<O: Outputs<Graph>>(mut arrived: Arrived) -> Result<ChainRun<O::Values>, Error> {
    arrived.complete()?;
    let values = O::collect(&mut arrived).ok_or_else(misfit)?;
    Ok(ChainRun::new(values, arrived))
}

fn partial_of<O: Outputs<Graph>>(mut arrived: Arrived) -> Result<ChainRun<O::Partial>, Error> {
    let values = O::collect_partial(&mut arrived).ok_or_else(misfit)?;
    Ok(ChainRun::new(values, arrived))
}

fn named_of(names: Vec<String>, mut arrived: Arrived) -> ChainRun<Named> {
    let mut found = Named::default();
    for name in names {
        match arrived.next_boxed() {
            Some(Ok(value)) => found.entries.push((name, value)),
            Some(Err(error)) => found.missing.push((name, error)),
            None => {}
        }
    }
    ChainRun::new(found, arrived)
}

/// The names: one that is asked for twice has one value.
fn distinct<S: AsRef<str>>(outputs: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = outputs.into_iter().map(|name| name.as_ref().to_owned());
    all.filter(|name| seen.insert(name.clone())).collect()
}

fn by_name(names: &[String]) -> Vec<Output> {
    names.iter().cloned().map(Output::Named).collect()
}

fn typed<O: Outputs<Graph>>() -> Vec<Output> {
    let mut outputs = Vec::new();
    O::each(&mut |wanted| outputs.push(Output::Typed(wanted)));
    outputs
}

impl<L> fmt::Debug for ChainRequest<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.overrides.iter().map(|given| &given.entry.name)).finish()
    }
}
