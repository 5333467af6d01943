//! Graphs without a module: of closures, functions, and nodes that stand alone.

mod arg;
mod call;
mod describe;
mod expand;
mod feed;
mod function;
mod part;
mod recovery;
mod refuse;
mod sub_driver;

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;

use crate::descriptor::{NodeDescriptor, Role};
use crate::error::{Error, ErrorKind};
use crate::graph::{
    Call, DefaultValue, Draft, FunctionData, Graph, NodeData, ParamData, RecoveryData, RoleData, SourceData,
    Text, Title, VariantData, assemble,
};
use crate::known::known;
use crate::memory::SharedCall;
use crate::node::{Fallible, Node, NodeFault, NodeValue};
use crate::value_type::{Cloneable, Plain, ValueType};

pub use arg::{FunctionArg, Own};
pub use feed::{Feed, Feeds};
pub use function::NodeFunction;
pub use part::PartTuple;
pub use sub_driver::SubDriver;

use arg::ArgSpec;
use feed::What;

/// Puts a [`Graph`] together at run time, by the rules that the macro checks at compile time.
///
/// Each method adds something and gives the builder back. Nothing is checked before [`build`](Self::build),
/// so nodes may be added in any order.
///
/// ```
/// use millstream::{Graph, InputMap, Own};
///
/// let graph = Graph::builder()
///     .input::<Vec<f64>>("spend")
///     .input_or("scale", 2.0)
///     .function("scaled", ["spend", "scale"], |Own(spend): Own<Vec<f64>>, scale: &f64| {
///         spend.into_iter().map(|amount| amount * scale).collect::<Vec<f64>>()
///     })
///     .doc("Spend in another currency.")
///     .function("total", ["scaled"], |scaled: &[f64]| scaled.iter().sum::<f64>())
///     .tag("stage", ["final"])
///     .build()?;
///
/// let run = graph.driver().build()?.execute_named(["total"], InputMap::new().set("spend", vec![1.0, 2.0]))?;
/// assert_eq!(run.get::<f64>("total")?, &6.0);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Default)]
#[must_use = "nothing is built before `build` is called"]
pub struct GraphBuilder {
    name: String,
    drafts: Vec<Draft>,
    problems: Vec<String>,
}

impl GraphBuilder {
    /// Names the graph.
    ///
    /// ```
    /// assert_eq!(millstream::Graph::builder().name("costs").build()?.name(), "costs");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a node or an input that a macro has described: `.node::<weather::warmest_day>()`. Its parameters are
    /// fed by name, by whatever has that name in this graph.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[node]
    /// fn doubled(x: &f64) -> f64 {
    ///     x * 2.0
    /// }
    ///
    /// let graph = Graph::builder().node::<doubled>().input_or("x", 1.5).build()?;
    /// assert_eq!(graph.driver().build()?.execute::<doubled>(())?.into_values(), 3.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn node<N: Node>(mut self) -> Self {
        let part_of = match N::DESCRIPTOR.role {
            Role::Part { of, .. } => Some((of.into(), None)),
            Role::Input { .. } | Role::Function { .. } => None,
        };
        let mut node = NodeData::of(N::DESCRIPTOR);
        expect_types(&mut node, N::DESCRIPTOR);
        self.drafts.push(Draft { node, part_of, overrides: false });
        self
    }

    /// Adds a node that a closure or a function computes, from the nodes and inputs that `feeds` names, one for
    /// each parameter. See [`NodeFunction`] for what parameters can be, and [`Feed`] for groups.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// fn ratio(spend: &f64, signups: Option<&f64>) -> f64 {
    ///     signups.map_or(0.0, |signups| spend / signups)
    /// }
    ///
    /// let graph = Graph::builder()
    ///     .function("spend", (), || 12.5)
    ///     .function("cost", ["spend", "signups"], ratio)
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["cost"], ())?;
    /// assert_eq!(run.get::<f64>("cost")?, &0.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn function<M, F>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M>,
        F::Out: NodeValue,
    {
        let value = Plain::<F::Out>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::plain(function))
    }

    /// The same with a function that returns a `Result`: the node's value is what is in its `Ok`.
    ///
    /// ```
    /// use millstream::{Graph, InputMap};
    ///
    /// let graph = Graph::builder()
    ///     .input::<String>("text")
    ///     .try_function("number", ["text"], |text: &str| text.parse::<f64>())
    ///     .build()?;
    /// let error = graph.driver().build()?.execute_named(["number"], InputMap::new().set("text", "x".to_owned()));
    /// assert_eq!(format!("{:#}", error.unwrap_err()), "node `number` failed: invalid float literal");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn try_function<M, F, T, E>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Fallible<Value = T, Error = E>,
        T: NodeValue,
        E: NodeFault,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::fallible(function))
    }

    /// Adds a node that waits: a closure or a function that returns a future. What the future needs of the arguments it
    /// is to own: a copy, a clone, or a parameter that is [`Own`]. (A `#[node] async fn` may borrow, also a
    /// free-standing one.)
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .function("spend", (), || 12.5)
    ///     .async_function("doubled", ["spend"], |spend: &f64| {
    ///         let spend = *spend;
    ///         async move { spend * 2.0 }
    ///     })
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["doubled"], ())?;
    /// assert_eq!(run.get::<f64>("doubled")?, &25.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn async_function<M, F, T>(self, name: impl Into<String>, feeds: impl Feeds, function: F) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Future<Output = T> + Send + 'static,
        T: NodeValue,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::waiting(function))
    }

    /// The same with a future that yields a `Result`: the node's value is what is in its `Ok`.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .try_async_function("load", (), || async { Err::<f64, _>("no such host") })
    ///     .build()?;
    /// let error = graph.driver().build()?.execute_named(["load"], ()).unwrap_err();
    /// assert_eq!(format!("{error:#}"), "node `load` failed: no such host");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn try_async_function<M, F, R, T, E>(
        self,
        name: impl Into<String>,
        feeds: impl Feeds,
        function: F,
    ) -> Self
    where
        F: NodeFunction<M>,
        F::Out: Future<Output = R> + Send + 'static,
        R: Fallible<Value = T, Error = E>,
        T: NodeValue,
        E: NodeFault,
    {
        let value = Plain::<T>::TYPE;
        self.add_function(name.into(), feeds.feeds(), F::params(), value, call::waiting_fallible(function))
    }

    /// Adds an input that the caller must supply, if anything that runs needs it.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<usize>("window").build()?;
    /// let error = graph.driver().build()?.execute_named(["window"], ()).unwrap_err();
    /// assert_eq!(error.to_string(), "input `window` is missing, which is asked for; supply a `usize`");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn input<T: NodeValue>(self, name: impl Into<String>) -> Self {
        self.add(name.into(), Plain::<T>::TYPE, RoleData::Input { default: None })
    }

    /// Adds an input that is `default` where the caller does not supply it.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input_or("window", 7_usize).build()?;
    /// let run = graph.driver().build()?.execute_named(["window"], ())?;
    /// assert_eq!(run.get::<usize>("window")?, &7);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn input_or<T: NodeValue + Clone + Send + Sync>(self, name: impl Into<String>, default: T) -> Self {
        let value = Cloneable::<T>::TYPE;
        let default = DefaultValue::Dynamic(SharedCall::new::<(), _, _>(move |()| Ok(default.clone())));
        self.add(name.into(), value, RoleData::Input { default: Some(default) })
    }

    /// Checks all rules and makes the graph.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let error = Graph::builder()
    ///     .input::<Vec<i32>>("spend")
    ///     .function("roas", ["spend", "signupz"], |spend: &[f64], signups: &f64| spend[0] / signups)
    ///     .input::<f64>("signups")
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(
    ///     error.problems(),
    ///     [
    ///         "node `roas` needs `signupz`, which is neither a node nor an input; did you mean `signups`?",
    ///         "parameter `spend` of node `roas` is `&[f64]`, but input `spend` is `Vec<i32>`",
    ///     ]
    /// );
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with the graph, at once.
    pub fn build(mut self) -> Result<Graph, Error> {
        self.find_abilities();
        let title = Title { name: self.name.into(), doc: Text::default(), place: None };
        let mut problems = self.problems;
        problems.extend(self.drafts.iter().filter_map(refuse::problem));
        match assemble(title, self.drafts) {
            Ok(data) if problems.is_empty() => return Ok(Graph::of(data)),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
        Err(Error::problems_of(ErrorKind::Graph, problems))
    }

    /// Of a type that only a closure names nothing is known but that it is a value. What another node, or the
    /// list of common types, knows of the same type holds for it too.
    fn find_abilities(&mut self) {
        let told: HashMap<TypeId, &'static ValueType> = self
            .drafts
            .iter()
            .map(|draft| draft.node.value)
            .filter(|value| value.is_written())
            .map(|value| (value.type_id(), value))
            .collect();
        for draft in &mut self.drafts {
            let value = &mut draft.node.value;
            if !value.is_written() {
                let id = value.type_id();
                let able = || known(id).map(|known| value.with_abilities(known));
                let able = told.get(&id).copied().or_else(able).unwrap_or(value);
                *value = able.with_lists_of(value);
            }
        }
    }

    fn add(mut self, name: String, value: &'static ValueType, role: RoleData) -> Self {
        self.drafts.push(Draft { node: new_node(name, value, role), part_of: None, overrides: false });
        self
    }

    fn add_function(
        mut self,
        name: String,
        feeds: Vec<Feed>,
        specs: Vec<ArgSpec>,
        value: &'static ValueType,
        call: Call,
    ) -> Self {
        let fed = specs.iter().filter(|spec| !spec.run).count();
        if feeds.len() != fed {
            self.problems.push(format!(
                "the function of node `{name}` has {}, but {} given; name one node or group for each parameter",
                counted(fed, "parameter", "parameters"),
                counted(feeds.len(), "name is", "names are"),
            ));
            // Without its parameters the node gives rise to no further message.
            return self.add(name, value, RoleData::Input { default: None });
        }
        let mut params = Vec::with_capacity(specs.len());
        let mut feeds = feeds.into_iter();
        for spec in specs {
            if spec.run {
                params.push(run_param(spec));
                continue;
            }
            let Some(next) = feeds.next() else { continue };
            let misfed = !spec.many && !matches!(next.what, What::One(_));
            if misfed {
                self.problems.push(format!(
                    "parameter `{}` of node `{name}` is `{}`, which takes one value, but it is fed by a group; name one node, or take a `Vec` of references",
                    next.label(), spec.text
                ));
            }
            let mut param = param(next, spec);
            // Of one that is fed in the wrong way the types need not be compared.
            param.expects = param.expects.filter(|_| !misfed);
            params.push(param);
        }
        let variant = VariantData {
            condition: Text::default(),
            function: Text::default(),
            place: None,
            params,
            deps: Vec::new(),
            call,
            recovery: RecoveryData::default(),
        };
        let function = FunctionData { variants: vec![variant], ..FunctionData::default() };
        self.add(name, value, RoleData::Function(function))
    }
}

fn new_node(name: String, value: &'static ValueType, role: RoleData) -> NodeData {
    NodeData {
        name: Text::Owned(name),
        id: None,
        written: None,
        doc: Text::default(),
        place: None,
        tags: Vec::new(),
        version: 0,
        value,
        declared: 0,
        expands: false,
        scope: Vec::new(),
        role,
    }
}

fn param(feed: Feed, spec: ArgSpec) -> ParamData {
    let name = Text::Owned(feed.label());
    let source = match feed.what {
        What::One(one) if spec.many => SourceData::Group(vec![one.into()]),
        What::One(one) => SourceData::Name(one.into()),
        What::Group(names) => SourceData::Group(names.into_iter().map(Text::Owned).collect()),
        What::Tag(key, value) => {
            SourceData::Tag { key: key.into(), value: value.map(Text::Owned), members: None }
        }
    };
    ParamData {
        name,
        text: Text::Owned(spec.text),
        takes: spec.takes,
        source,
        optional: spec.optional,
        default: Text::default(),
        expects: Some(spec.expects),
        width: 0,
        take: spec.take,
    }
}

/// A parameter that takes the run itself.
fn run_param(spec: ArgSpec) -> ParamData {
    ParamData {
        name: "run".into(),
        text: Text::Owned(spec.text),
        takes: spec.takes,
        source: SourceData::Run,
        optional: false,
        default: Text::default(),
        expects: None,
        width: 0,
        take: spec.take,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

impl fmt::Debug for GraphBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.drafts.iter().map(|draft| &draft.node.name)).finish()
    }
}

/// A node of a dataflow was checked against what feeds it there: in another graph it must be fed the same types.
fn expect_types(node: &mut NodeData, descriptor: &'static NodeDescriptor) {
    let (RoleData::Function(function), Some(table)) = (&mut node.role, descriptor.home.table()) else {
        return;
    };
    let nodes = table.nodes;
    let Some(row) = nodes.iter().find(|row| row.descriptor.id == descriptor.id) else { return };
    for (variant, deps) in function.variants.iter_mut().zip(row.deps) {
        let mut deps = deps.iter();
        for param in &mut variant.params {
            let width = match &param.source {
                SourceData::Value(_) | SourceData::Run => 0,
                SourceData::Group(names) => names.len(),
                _ => 1,
            };
            // The members of a group are borrowed as one type, but may be of several: only what is alone is known.
            let providers: Vec<u32> = deps.by_ref().take(width).copied().collect();
            if let ([provider], false) = (&providers[..], matches!(param.source, SourceData::Group(_))) {
                param.expects = nodes.get(*provider as usize).map(|provider| provider.descriptor.value);
            }
        }
    }
}
