//! A driver as a node of another graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use millstream_compiler::graph::did_you_mean;

use crate::context::NodeContext;
use crate::descriptor::NONE;
use crate::driver::{Driver, Entry, InputMap, Named, Run};
use crate::error::Error;
use crate::fault::Fault;
use crate::graph::{Call, Draft, GraphData, RoleData, Split, unknown_name};
use crate::memory::{Awaited, SharedCall};
use crate::run::{self, Key, Needs};
use crate::value::Value;
use crate::value_type;

use super::arg::{ArgSpec, FunctionArg};
use super::{Feed, GraphBuilder, new_node};

/// A driver that is to be a node of another graph: see [`GraphBuilder::sub_driver`].
///
/// ```
/// use millstream::{Graph, InputMap, SubDriver};
///
/// let pricing = Graph::builder()
///     .input::<f64>("net")
///     .input_or("rate", 0.2)
///     .function("tax", ["net", "rate"], |net: &f64, rate: &f64| net * rate)
///     .function("gross", ["net", "tax"], |net: &f64, tax: &f64| net + tax)
///     .build()?
///     .driver()
///     .build()?;
/// let graph = Graph::builder()
///     .input::<f64>("book")
///     .input::<f64>("food")
///     .function("reduced", (), || 0.1)
///     .sub_driver("book_pricing", SubDriver::of(&pricing).feed("net", "book").output_as("gross", "book_price"))
///     .sub_driver(
///         "food_pricing",
///         SubDriver::of(&pricing).feed("net", "food").feed("rate", "reduced").output_as("gross", "food_price"),
///     )
///     .function("total", ["book_price", "food_price"], |book: &f64, food: &f64| book + food)
///     .build()?;
/// let inputs = InputMap::new().set("book", 10.0).set("food", 20.0);
/// assert_eq!(graph.driver().build()?.execute_named(["total"], inputs)?.get::<f64>("total")?, &34.0);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "it is a node once it is given to `sub_driver`"]
pub struct SubDriver {
    driver: Driver,
    /// The names inside, and those outside.
    outputs: Vec<(String, String)>,
    /// For inputs that other names feed.
    feeds: BTreeMap<String, String>,
}

impl SubDriver {
    /// The driver, with nothing said of it yet.
    pub fn of<F>(driver: &Driver<F>) -> Self {
        Self { driver: driver.untyped(), outputs: Vec::new(), feeds: BTreeMap::new() }
    }

    /// These outputs of it are nodes, under their own names.
    ///
    /// ```
    /// # use millstream::{Graph, SubDriver};
    /// let driver = Graph::builder().function("a", (), || 1).function("b", (), || 2).build()?.driver().build()?;
    /// let graph = Graph::builder().sub_driver("both", SubDriver::of(&driver).outputs(["a", "b"])).build()?;
    /// assert!(graph.node("a").is_some() && graph.node("b").is_some());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn outputs<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        self.outputs.extend(names.map(|name: String| (name.clone(), name)));
        self
    }

    /// An output of it is a node, under another name.
    ///
    /// ```
    /// # use millstream::{Graph, SubDriver};
    /// let driver = Graph::builder().function("a", (), || 1).build()?.driver().build()?;
    /// let graph = Graph::builder().sub_driver("one", SubDriver::of(&driver).output_as("a", "b")).build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["b"], ())?.get::<i32>("b")?, &1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn output_as(mut self, name: impl Into<String>, node: impl Into<String>) -> Self {
        self.outputs.push((name.into(), node.into()));
        self
    }

    /// An input of it is fed by a node or input that has another name.
    ///
    /// ```
    /// # use millstream::{Graph, SubDriver};
    /// let driver = Graph::builder().input::<i32>("a").function("b", ["a"], |a: &i32| a + 1).build()?.driver().build()?;
    /// let graph = Graph::builder()
    ///     .function("one", (), || 1)
    ///     .sub_driver("inner", SubDriver::of(&driver).feed("a", "one").outputs(["b"]))
    ///     .build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["b"], ())?.get::<i32>("b")?, &2);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn feed(mut self, input: impl Into<String>, node: impl Into<String>) -> Self {
        self.feeds.insert(input.into(), node.into());
        self
    }

    /// The indices of the outputs, and what is wrong with them.
    fn find(&self, name: &str, graph: &GraphData, problems: &mut Vec<String>) -> Vec<u32> {
        let mut found = Vec::with_capacity(self.outputs.len());
        if self.outputs.is_empty() {
            problems.push("it has no outputs; name those that are to be nodes".to_owned());
        }
        for (output, node) in &self.outputs {
            if node == name {
                problems.push(format!("its output `{node}` has its own name; call one of them differently"));
            }
            match graph.find(output) {
                None => problems.push(unknown_name(graph, output, "name a node of the driver's graph")),
                Some(index) if found.contains(&index) => {
                    problems.push(format!("its output `{output}` is there twice; name it once"));
                }
                Some(index) => found.push(index),
            }
        }
        found
    }

    /// Those that feed what is no input, or none that is needed.
    fn useless_feeds(&self, graph: &GraphData, inputs: &[(u32, bool)]) -> Vec<String> {
        let names: Vec<&str> = inputs.iter().map(|(input, _)| graph.name(*input)).collect();
        let useless = self.feeds.keys().filter(|input| !names.contains(&input.as_str()));
        let problem = |input: &String| {
            let advice = did_you_mean(input, names.iter().copied(), "leave it out");
            format!("`{input}` is fed, but its outputs need no input of that name; {advice}")
        };
        useless.map(problem).collect()
    }

    /// The run, and the inputs by value.
    fn params(&self, graph: &GraphData, inputs: &[(u32, bool)]) -> (Vec<Feed>, Vec<ArgSpec>) {
        let mut specs = vec![NodeContext::spec()];
        let mut feeds = Vec::with_capacity(inputs.len());
        for (input, optional) in inputs {
            let (name, ty) = (graph.name(*input), graph.node(*input).value);
            feeds.push(Feed::one(self.feeds.get(name).map_or(name, String::as_str)));
            specs.push(ArgSpec::taken(ty, *optional));
        }
        (feeds, specs)
    }
}

impl GraphBuilder {
    /// Adds a node that runs another driver: a graph with its own executor, policies and hooks as a node of this one.
    ///
    /// Its parameters are the inputs of that driver that its outputs need, each fed by the node or input of its name, as
    /// if taken by value; those with a default may be lacking. Each output is a node of this graph. The node
    /// itself has the values of all by name ([`Named`]).
    ///
    /// Its run is a [part](crate::RunInfo::parent) of the run that it is a node of, and ends with it. Where it fails, so
    /// does the node; the message names both.
    ///
    /// ```
    /// use millstream::{Graph, InputMap, SubDriver};
    ///
    /// let pricing = Graph::builder()
    ///     .input::<f64>("net")
    ///     .try_function("tax", ["net"], |net: &f64| if *net < 0.0 { Err("less than nothing") } else { Ok(net * 0.2) })
    ///     .build()?
    ///     .driver()
    ///     .build()?;
    /// let driver = Graph::builder()
    ///     .input::<f64>("net")
    ///     .sub_driver("pricing", SubDriver::of(&pricing).outputs(["tax"]))
    ///     .function("gross", ["net", "tax"], |net: &f64, tax: &f64| net + tax)
    ///     .build()?
    ///     .driver()
    ///     .build()?;
    /// assert_eq!(driver.execute_named(["gross"], InputMap::new().set("net", 10.0))?.get::<f64>("gross")?, &12.0);
    ///
    /// let error = driver.execute_named(["tax"], InputMap::new().set("net", -1.0)).unwrap_err();
    /// assert_eq!(
    ///     format!("{error:#}"),
    ///     "node `pricing` > `tax` failed; it was needed on the way `pricing` -> `tax`: less than nothing"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn sub_driver(mut self, name: impl Into<String>, sub: SubDriver) -> Self {
        let name = name.into();
        let core = Arc::clone(&sub.driver.core);
        let graph = core.graph.data();
        let mut problems = Vec::new();
        let outputs = sub.find(&name, graph, &mut problems);
        let inputs = inputs_of(graph, &outputs);
        problems.extend(sub.useless_feeds(graph, &inputs));
        let key = Key::of(outputs.clone(), inputs.iter().map(|(input, _)| *input));
        let plan = run::plan(&core, key, |_| true, &mut problems);
        self.problems.extend(problems.into_iter().map(|problem| format!("sub-driver `{name}`: {problem}")));

        // The node itself comes last, so that it is the one just added.
        for ((position, output), (_, node)) in (0..).zip(&outputs).zip(&sub.outputs) {
            let part = RoleData::Part { of: NONE, position };
            let node = new_node(node.clone(), graph.outside(*output), part);
            let part_of = Some((name.clone().into(), Some(position)));
            // Of one with the name of the whole something has been said.
            self.drafts.extend((node.name != name).then(|| Draft { node, part_of, overrides: false }));
        }
        let (feeds, specs) = sub.params(graph, &inputs);
        let types = inputs.iter().map(|(input, _)| graph.node(*input).value).collect();
        let split = split_of(sub.outputs.iter().map(|(output, _)| output.clone()).collect());
        let inner = Inner::of(sub, graph, &inputs);
        let call = if plan.is_some_and(|plan| plan.is_waiting()) || core.hooks.wait() {
            SharedCall::by_value_waiting(types, move |run, values| inner.run_async(run, values))
        } else {
            SharedCall::by_value(types, move |run, values| inner.run(run, values))
        };
        let mut builder = self.add_function(name, feeds, specs, value_type!(Named), Call::Dynamic(call));
        if let Some(RoleData::Function(function)) =
            builder.drafts.last_mut().map(|draft| &mut draft.node.role)
        {
            function.split = Some(split);
        }
        builder
    }
}

/// The inputs that some outputs need, and of each whether they can do without.
fn inputs_of(graph: &GraphData, outputs: &[u32]) -> Vec<(u32, bool)> {
    let needs = Needs::of(graph, outputs, &[]);
    let required = needs.missing_inputs(graph, outputs, |_| false);
    let all = (0..).zip(&graph.nodes).filter(|(input, node)| node.is_input() && needs.value[*input as usize]);
    all.map(|(input, _)| (input, !required.contains_key(&input))).collect()
}

/// Takes the values of some outputs apart.
fn split_of(outputs: Vec<String>) -> Split {
    Split::Dynamic(Arc::new(move |parts| {
        let mut values = parts.whole_as::<Named>().into_map();
        for (position, output) in outputs.iter().enumerate().filter(|(position, _)| parts.wants(*position)) {
            if let Some(value) = values.remove(output) {
                parts.put_value(position, value);
            }
        }
        parts.done()
    }))
}

/// What runs when the node does.
struct Inner {
    driver: Driver,
    /// In the order of the parameters.
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl Inner {
    fn of(sub: SubDriver, graph: &GraphData, inputs: &[(u32, bool)]) -> Self {
        Self {
            driver: sub.driver,
            inputs: inputs.iter().map(|(input, _)| graph.name(*input).to_owned()).collect(),
            outputs: sub.outputs.into_iter().map(|(output, _)| output).collect(),
        }
    }

    fn run(&self, run: NodeContext<'_>, values: Vec<Option<Value>>) -> Result<Named, Fault> {
        ended(self.driver.within(run).execute_named(&self.outputs, self.inputs(values)))
    }

    fn run_async(
        &self,
        run: NodeContext<'_>,
        values: Vec<Option<Value>>,
    ) -> Awaited<'static, Result<Named, Fault>> {
        let execution = self.driver.within(run).execute_named_async(&self.outputs, self.inputs(values));
        Box::pin(async { ended(execution.await) })
    }

    fn inputs(&self, values: Vec<Option<Value>>) -> InputMap {
        let entry = |(name, value): (&String, Option<Value>)| {
            Some(Entry { index: NONE, name: name.clone().into(), value: value? })
        };
        InputMap::of(self.inputs.iter().zip(values).filter_map(entry).collect())
    }
}

/// The values, unless one is missing.
fn ended(run: Result<Run<Named>, Error>) -> Result<Named, Fault> {
    let fault = |error| Fault::Error(Box::new(error));
    let run = run.map_err(fault)?;
    match run.values().missing.first() {
        Some((_, error)) => Err(fault(Error::node(error.clone(), Some(run.report())))),
        None => Ok(run.into_values()),
    }
}
