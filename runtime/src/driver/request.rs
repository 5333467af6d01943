//! One request to a driver: checked as a whole, then run.

use std::fmt;
use std::sync::Arc;

use millstream_compiler::graph::nearest;

use crate::context::NodeContext;
use crate::descriptor::NONE;
use crate::error::{Error, ErrorKind};
use crate::fault::drop_guarded;
use crate::graph::{GraphData, unknown_name};
use crate::hook::Line;
use crate::node::{Member, NodeValue, Whole};
use crate::run::{self, Asked, CancellationToken, Finished, Given};
use crate::value::Value;

use super::execution::Execution;
use super::inputs::{Entry, IntoInputs};
use super::named::Named;
use super::outputs::Outputs;
use super::result::Run;
use super::{Core, Driver, ErrorPolicy};

/// A request in which some nodes have values that the caller gives.
///
/// ```
/// use millstream::Graph;
///
/// let driver = Graph::builder()
///     .function("a", (), || 1.0)
///     .function("b", (), || 2.0)
///     .function("sum", ["a", "b"], |a: &f64, b: &f64| a + b)
///     .build()?
///     .driver()
///     .build()?;
/// let run = driver.override_named("a", 10.0).override_named("b", 20.0).execute_named(["sum"], ())?;
/// assert_eq!(run.get::<f64>("sum")?, &30.0);
/// assert_eq!(run.schedule().tasks().len(), 1);
/// # Ok::<(), millstream::Error>(())
/// ```
#[must_use = "nothing runs before `execute` or `execute_named` is called"]
pub struct Request<'d, F> {
    driver: &'d Driver<F>,
    overrides: Vec<Entry>,
    token: Option<CancellationToken>,
    line: Line,
}

impl<'d, F> Request<'d, F> {
    pub(super) fn new(driver: &'d Driver<F>) -> Self {
        Self { driver, overrides: Vec::new(), token: None, line: Line::default() }
    }

    /// The node `N` has the value `value`: neither it nor what only it needs runs. See
    /// [`Driver::override_value`].
    pub fn override_value<N: Member<F>>(mut self, value: Whole<F, N>) -> Self {
        self.overrides.push(Entry::of::<F, N>(value));
        self
    }

    /// The same by name.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1).function("b", ["a"], |a: &i32| a + 1).build()?;
    /// # let driver = graph.driver().build()?;
    /// let run = driver.override_named("a", 5).override_named("a", 6).execute_named(["b"], ())?;
    /// assert_eq!(run.get::<i32>("b")?, &7);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn override_named<T: NodeValue>(mut self, name: impl Into<String>, value: T) -> Self {
        self.overrides.push(Entry::named(name, value));
        self
    }

    /// The request can be called off with the token. See [`Driver::cancel_with`].
    pub fn cancel_with(mut self, token: &CancellationToken) -> Self {
        self.token = Some(token.clone());
        self
    }

    /// The run is a part of the one that a node is in. See [`Driver::within`].
    pub fn within(mut self, run: NodeContext<'_>) -> Self {
        self.line = run.child().unwrap_or_default();
        self
    }

    /// Runs what the outputs `O` need. See [`Driver::execute`].
    ///
    /// # Errors
    /// As [`Driver::execute`].
    pub fn execute<O: Outputs<F>>(self, inputs: impl IntoInputs<F>) -> Result<Run<O::Values>, Error> {
        let keeps_going = self.keeps_going();
        let (asked, problems) = self.typed::<O>(keeps_going, false);
        let mut finished = self.run(asked, inputs, problems)?;
        let values = O::collect(&mut finished).ok_or_else(misfit)?;
        Ok(Run::new(values, &finished))
    }

    /// The same as a future. See [`Driver::execute_async`].
    pub fn execute_async<O: Outputs<F>>(self, inputs: impl IntoInputs<F>) -> Execution<Run<O::Values>> {
        let keeps_going = self.keeps_going();
        let (asked, problems) = self.typed::<O>(keeps_going, false);
        self.start(asked, inputs, problems, |finished| O::collect(finished).ok_or_else(misfit))
    }

    /// Runs what the outputs `O` need, as far as it can. See [`Driver::execute_partial`].
    ///
    /// # Errors
    /// As [`Driver::execute_partial`].
    pub fn execute_partial<O: Outputs<F>>(
        self,
        inputs: impl IntoInputs<F>,
    ) -> Result<Run<O::Partial>, Error> {
        let (asked, problems) = self.typed::<O>(true, true);
        let mut finished = self.run(asked, inputs, problems)?;
        let values = O::collect_partial(&mut finished).ok_or_else(misfit)?;
        Ok(Run::new(values, &finished))
    }

    /// The same as a future. See [`Driver::execute_partial_async`].
    pub fn execute_partial_async<O: Outputs<F>>(
        self,
        inputs: impl IntoInputs<F>,
    ) -> Execution<Run<O::Partial>> {
        let (asked, problems) = self.typed::<O>(true, true);
        let collect = |finished: &mut Finished| O::collect_partial(finished).ok_or_else(misfit);
        self.start(asked, inputs, problems, collect)
    }

    fn keeps_going(&self) -> bool {
        self.driver.core.settings.on_error == ErrorPolicy::KeepGoing
    }

    /// The outputs `O`, and what is wrong with them.
    fn typed<O: Outputs<F>>(&self, keeps_going: bool, may_lack: bool) -> (Asked, Vec<String>) {
        let graph = self.driver.core.graph.data();
        let (mut outputs, mut problems) = (Vec::new(), Vec::new());
        O::each(&mut |wanted| match find(graph, wanted.index, wanted.name) {
            None => problems.push(unknown_name(graph, wanted.name, "ask for a node of this graph")),
            Some(index) if graph.outside(index).type_id() != wanted.type_id => {
                let (asked, is) = (wanted.value.text(), graph.outside(index).text());
                problems.push(format!(
                    "`{}` is `{is}` in this graph, but was asked for as `{asked}`; ask for it by name",
                    wanted.name
                ));
            }
            Some(index) => outputs.push(index),
        });
        (
            Asked { outputs, keeps_going, may_lack, token: self.token.clone(), line: self.line.clone() },
            problems,
        )
    }

    /// Runs what the outputs of these names need. See [`Driver::execute_named`].
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1).function("b", ["a"], |a: &i32| a + 1).build()?;
    /// # let driver = graph.driver().build()?;
    /// let run = driver.override_named("a", 5).execute_named(["b"], ())?;
    /// assert_eq!(run.get::<i32>("b")?, &6);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Driver::execute_named`].
    pub fn execute_named<S: AsRef<str>>(
        self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl IntoInputs<F>,
    ) -> Result<Run<Named>, Error> {
        let (asked, problems) = self.by_name(outputs);
        let nodes = asked.outputs.clone();
        let graph = self.driver.core.graph.clone();
        let mut finished = self.run(asked, inputs, problems)?;
        let values = named(graph.data(), &nodes, &mut finished);
        Ok(Run::new(values, &finished))
    }

    /// The same as a future. See [`Driver::execute_named_async`].
    pub fn execute_named_async<S: AsRef<str>>(
        self,
        outputs: impl IntoIterator<Item = S>,
        inputs: impl IntoInputs<F>,
    ) -> Execution<Run<Named>> {
        let (asked, problems) = self.by_name(outputs);
        let nodes = asked.outputs.clone();
        let graph = self.driver.core.graph.clone();
        let collect = move |finished: &mut Finished| Ok(named(graph.data(), &nodes, finished));
        self.start(asked, inputs, problems, collect)
    }

    /// The outputs of some names, and what is wrong with them.
    fn by_name<S: AsRef<str>>(&self, outputs: impl IntoIterator<Item = S>) -> (Asked, Vec<String>) {
        let graph = self.driver.core.graph.data();
        let mut problems = Vec::new();
        let mut indices = Vec::new();
        let mut seen = vec![false; graph.nodes.len()];
        for name in outputs {
            match graph.find(name.as_ref()) {
                None => problems.push(unknown_name(graph, name.as_ref(), "ask for a node of this graph")),
                // A name that is asked for twice has one value.
                Some(index) if std::mem::replace(&mut seen[index as usize], true) => {}
                Some(index) => indices.push(index),
            }
        }
        let (keeps_going, token) = (self.keeps_going(), self.token.clone());
        (Asked { outputs: indices, keeps_going, may_lack: true, token, line: self.line.clone() }, problems)
    }

    fn run(self, asked: Asked, inputs: impl IntoInputs<F>, problems: Vec<String>) -> Result<Finished, Error> {
        let core = &self.driver.core;
        run::run(core, asked, given(core, inputs, self.overrides, problems))
    }

    fn start<V: 'static>(
        self,
        asked: Asked,
        inputs: impl IntoInputs<F>,
        problems: Vec<String>,
        collect: impl FnOnce(&mut Finished) -> Result<V, Error> + Send + 'static,
    ) -> Execution<Run<V>> {
        let core = Arc::clone(&self.driver.core);
        let given = given(&core, inputs, self.overrides, problems);
        Execution::new(async move {
            let mut finished = run::run_async(core, asked, given).await?;
            let values = collect(&mut finished)?;
            Ok(Run::new(values, &finished))
        })
    }
}

/// What the caller gives, and what is wrong with it.
fn given<F>(core: &Core, inputs: impl IntoInputs<F>, overrides: Vec<Entry>, problems: Vec<String>) -> Given {
    let mut supplied = Supplied::to(core.graph.data());
    supplied.given.problems = problems;
    for entry in inputs.into_inputs().entries {
        supplied.add(entry, false);
    }
    for entry in overrides {
        supplied.add(entry, true);
    }
    supplied.given
}

fn named(graph: &GraphData, nodes: &[u32], finished: &mut Finished) -> Named {
    let mut found = Named::default();
    for node in nodes {
        let name = graph.name(*node).to_owned();
        match finished.next_boxed() {
            Some(Ok(value)) => found.entries.push((name, value)),
            Some(Err(error)) => found.missing.push((name, error)),
            None => break,
        }
    }
    found
}

pub(crate) fn misfit() -> Error {
    Error::one(ErrorKind::Result, "a value is not of its node's type".to_owned())
}

/// The values that the caller gives, as they come in.
pub(crate) struct Supplied<'g> {
    graph: &'g GraphData,
    pub(crate) given: Given,
}

impl<'g> Supplied<'g> {
    /// None yet, for a run of a graph.
    pub(crate) fn to(graph: &'g GraphData) -> Self {
        Self { graph, given: Given::default() }
    }

    /// Puts a value where it belongs, or says why it does not belong there.
    pub(crate) fn add(&mut self, entry: Entry, overriding: bool) {
        let Entry { index, name, value } = entry;
        let Some(index) = find(self.graph, index, &name) else {
            self.unknown(&name, overriding);
            return refused(value);
        };
        let node = self.graph.node(index);
        if !overriding && !node.is_input() {
            self.given.problems.push(format!(
                "`{name}` is a node, not an input; leave it out, or override it with `override_value`"
            ));
            refused(value);
        } else if self.graph.outside(index).type_id() == value.value_type().type_id() {
            self.given.values.push((index, value));
        } else {
            let (is, was) = (self.graph.outside(index).text(), value.value_type().text());
            let kind = node.kind_word();
            let misfit = || format!("{kind} `{name}` is `{is}`, but was given `{was}`; give it a `{is}`");
            // Where the lists are unknown it may be the right value.
            self.given.problems.push(self.graph.unknown_lists(index).unwrap_or_else(misfit));
            self.given.excused.push(index);
            refused(value);
        }
    }

    fn unknown(&mut self, name: &str, overriding: bool) {
        if overriding {
            self.given.problems.push(unknown_name(self.graph, name, "override a node of this graph"));
            return;
        }
        let inputs = self.graph.nodes.iter().filter(|node| node.is_input()).map(|node| &*node.name);
        let near = nearest(name, inputs);
        self.given.excused.extend(near.and_then(|near| self.graph.find(near)));
        let advice = near.map_or_else(|| "leave it out".to_owned(), |near| format!("did you mean `{near}`?"));
        self.given.problems.push(format!("there is no input `{name}`; {advice}"));
    }
}

/// Drops a value that there is a problem with: the problem is what is told of, whatever its `drop` does.
fn refused(value: Value) {
    let _ = drop_guarded(value);
}

/// The index of a node that is known by its index, if the graph is its dataflow's, or else by its name.
fn find(graph: &GraphData, index: u32, name: &str) -> Option<u32> {
    if index != NONE && graph.nodes.get(index as usize).is_some_and(|node| node.name == name) {
        return Some(index);
    }
    graph.find(name)
}

impl<F> fmt::Debug for Request<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.overrides.iter().map(|entry| &entry.name);
        f.debug_list().entries(names).finish()
    }
}
