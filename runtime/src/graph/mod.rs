//! Graphs as values: to be looked at, searched, put together, cut, written down and run.

mod assemble;
mod combine;
mod data;
mod dataflow;
mod describe;
mod hash;
mod hint;
mod layout;
mod param;
mod query;
mod source;
mod table;
mod types;
mod view;

use std::fmt;
use std::sync::Arc;

use millstream_compiler::graph::did_you_mean;

use crate::builder::GraphBuilder;
use crate::driver::DriverBuilder;
use crate::error::{Error, ErrorKind};

pub(crate) use assemble::{Draft, Title, assemble};
pub(crate) use data::{
    Call, DefaultValue, FallbackData, FunctionData, GraphData, NodeData, ParamData, RecoveryData, RoleData,
    SourceData, Split, Text, VariantData,
};
pub use dataflow::Dataflow;
pub use describe::{
    GraphDescription, NodeDescription, ParamDescription, PlaceDescription, VariantDescription,
};
pub use param::{ParamSource, ParamView};
pub use view::{GraphNode, NodeKind};

/// A graph of nodes and inputs that keeps all rules. Cloning it is cheap.
///
/// ```
/// use millstream::Graph;
///
/// let graph = Graph::builder()
///     .input::<f64>("spend")
///     .input::<f64>("signups")
///     .function("cost", ["spend", "signups"], |spend: &f64, signups: &f64| spend / signups)
///     .build()?;
/// let names: Vec<&str> = graph.nodes().map(|node| node.name()).collect();
/// assert_eq!(names, ["cost"]);
/// assert_eq!(graph.inputs().count(), 2);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone)]
pub struct Graph {
    data: Arc<GraphData>,
}

impl Graph {
    /// A builder of a graph without a module: of closures, functions and free-standing nodes.
    ///
    /// ```
    /// let empty = millstream::Graph::builder().build()?;
    /// assert!(empty.is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn builder() -> GraphBuilder {
        GraphBuilder::default()
    }

    pub(crate) fn of(data: GraphData) -> Self {
        Self { data: Arc::new(data) }
    }

    pub(crate) fn data(&self) -> &GraphData {
        &self.data
    }

    /// A builder of a driver that runs this graph.
    ///
    /// ```
    /// use millstream::{Graph, InputMap};
    ///
    /// let graph = Graph::builder().input::<f64>("x").function("twice", ["x"], |x: &f64| x * 2.0).build()?;
    /// let run = graph.driver().build()?.execute_named(["twice"], InputMap::new().set("x", 1.5))?;
    /// assert_eq!(run.get::<f64>("twice")?, &3.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn driver(&self) -> DriverBuilder<Graph> {
        DriverBuilder::new(self.clone())
    }

    /// The graph's name: that of the module, or empty.
    ///
    /// ```
    /// assert_eq!(millstream::Graph::builder().name("weather").build()?.name(), "weather");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.data.name
    }

    /// Its doc comment.
    ///
    /// ```
    /// assert_eq!(millstream::Graph::builder().build()?.doc(), "");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn doc(&self) -> &str {
        &self.data.doc
    }

    /// How many nodes and inputs it has.
    ///
    /// ```
    /// assert_eq!(millstream::Graph::builder().input::<f64>("x").build()?.len(), 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.nodes.len()
    }

    /// Whether it has none.
    ///
    /// ```
    /// assert!(!millstream::Graph::builder().input::<f64>("x").build()?.is_empty());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.nodes.is_empty()
    }

    /// All nodes and inputs, what is needed before those that need it.
    ///
    /// ```
    /// let graph = millstream::Graph::builder()
    ///     .function("b", ["a"], |a: &f64| *a)
    ///     .input::<f64>("a")
    ///     .build()?;
    /// let names: Vec<&str> = graph.all().map(|node| node.name()).collect();
    /// assert_eq!(names, ["a", "b"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn all(&self) -> impl DoubleEndedIterator<Item = GraphNode<'_>> + Clone {
        let count = u32::try_from(self.data.nodes.len()).unwrap_or(u32::MAX);
        (0..count).map(|index| GraphNode::new(&self.data, index))
    }

    /// The nodes that are computed.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<f64>("a").build()?;
    /// assert_eq!(graph.nodes().count(), 0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = GraphNode<'_>> + Clone {
        self.all().filter(|node| node.kind() != NodeKind::Input)
    }

    /// The inputs, which the caller supplies.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<f64>("a").build()?;
    /// assert_eq!(graph.inputs().next().unwrap().type_name(), "f64");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> impl DoubleEndedIterator<Item = GraphNode<'_>> + Clone {
        self.all().filter(|node| node.kind() == NodeKind::Input)
    }

    /// The node or input of a name, if there is one.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<f64>("a").build()?;
    /// assert!(graph.node("a").is_some());
    /// assert!(graph.node("b").is_none());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn node(&self, name: &str) -> Option<GraphNode<'_>> {
        self.data.find(name).map(|index| GraphNode::new(&self.data, index))
    }

    /// This graph and another in one: what one computes feeds the inputs of the other. A node that both have
    /// from one dataflow, with the same variants and fed by the same, is one node. Of an input's two defaults the
    /// first counts.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let load = Graph::builder().function("rows", [] as [&str; 0], || vec![1.0, 2.0]).build()?;
    /// let mean = Graph::builder()
    ///     .input::<Vec<f64>>("rows")
    ///     .function("mean", ["rows"], |rows: &[f64]| rows.iter().sum::<f64>() / 2.0)
    ///     .build()?;
    /// let both = load.combine(&mean)?;
    /// assert_eq!(both.inputs().count(), 0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// All rules that the two do not keep together: two nodes of one name, inputs of one name and two types, a
    /// node that yields what the other graph's nodes do not take, a cycle.
    pub fn combine(&self, other: &Self) -> Result<Self, Error> {
        self.combined(other, combine::Clash::Refuse)
    }

    /// The same, but of two nodes of one name that of `other` stands for both, and so does its default
    /// of an input.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let real = Graph::builder().function("rows", [] as [&str; 0], || vec![1.0, 2.0]).build()?;
    /// let test = Graph::builder().function("rows", [] as [&str; 0], || vec![0.5]).build()?;
    /// let run = real.combine_overriding(&test)?.driver().build()?.execute_named(["rows"], ())?;
    /// assert_eq!(run.get::<Vec<f64>>("rows")?, &[0.5]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`combine`](Self::combine), without the nodes of one name.
    pub fn combine_overriding(&self, other: &Self) -> Result<Self, Error> {
        self.combined(other, combine::Clash::Override)
    }

    fn combined(&self, other: &Self, clash: combine::Clash) -> Result<Self, Error> {
        combine::combine(&self.data, &other.data, clash)
            .map(Self::of)
            .map_err(|problems| Error::problems_of(ErrorKind::Graph, problems))
    }

    /// The nodes for which `keep` is true, as a graph of their own. What they need of the others is an input of
    /// it; an optional need stays optional.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .function("rows", [] as [&str; 0], || vec![1.0, 2.0])
    ///     .function("len", ["rows"], |rows: &[f64]| rows.len())
    ///     .build()?;
    /// let len = graph.subgraph(|node| node.name() == "len")?;
    /// let names: Vec<&str> = len.inputs().map(|input| input.name()).collect();
    /// assert_eq!(names, ["rows"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// None that is known: a part of a graph that keeps the rules keeps them too.
    pub fn subgraph(&self, keep: impl FnMut(&GraphNode<'_>) -> bool) -> Result<Self, Error> {
        let chosen = self.all().filter(keep).map(GraphNode::index).collect();
        combine::subgraph(&self.data, &chosen)
            .map(Self::of)
            .map_err(|problems| Error::problems_of(ErrorKind::Graph, problems))
    }

    /// Everything there is to know of the graph as plain data, which serde can write and read.
    ///
    /// ```
    /// use millstream::{Graph, GraphDescription};
    ///
    /// let graph = Graph::builder().input::<f64>("a").function("b", ["a"], |a: &f64| *a).build()?;
    /// let text = serde_json::to_string(&graph.description()).unwrap();
    /// let read: GraphDescription = serde_json::from_str(&text).unwrap();
    /// assert_eq!(read, graph.description());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn description(&self) -> GraphDescription {
        describe::describe(&self.data)
    }

    /// A number that is the same for two graphs if and only if they are the same graph: the same names, kinds,
    /// types, parameters and how they take their values, edges, conditions, bound constants, functions,
    /// versions and tags.
    ///
    /// Docs and places do not count, nor does the order of declaration, except where it is seen: in the order
    /// of parameters, variants, elements of a tuple, and the members of a group. What a function does does not
    /// count either: that is for the versions of nodes. Constants and defaults count as they are written: what
    /// `#[value(LIMIT)]` stands for is not known. The name of the graph is not a part of it.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let ab = Graph::builder().input::<f64>("a").input::<f64>("b").build()?;
    /// let ba = Graph::builder().input::<f64>("b").input::<f64>("a").doc("the first").build()?;
    /// let ab_f32 = Graph::builder().input::<f64>("a").input::<f32>("b").build()?;
    /// assert_eq!(ab.hash(), ba.hash());
    /// assert_ne!(ab.hash(), ab_f32.hash());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn hash(&self) -> u128 {
        hash::hash(&self.data)
    }

    /// The calls that some outputs need as the text of a Rust function: a way out of Millstream. It takes the inputs
    /// that are needed as parameters, calls the nodes' own functions one after another, and returns the outputs. It is async
    /// where one of them is. A dynamic block is a loop; its functions still take [`Collect`](crate::Collect) and return
    /// [`Parallelizable`](crate::Parallelizable), whose items an async function awaits where they come from a stream.
    ///
    /// Types and functions have their full paths; those of the crate of the first output begin with `crate`. Constants
    /// and defaults of parameters stand there as they were written; an input's default is not there, for the parameters of a
    /// function have none. What is private has to be made visible where the text goes.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// pub mod campaign {
    ///     #[inputs]
    ///     pub struct Inputs {
    ///         pub spend: Vec<f64>,
    ///     }
    ///
    ///     #[node]
    ///     pub fn total(spend: &[f64]) -> f64 {
    ///         spend.iter().sum()
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), millstream::Error> {
    /// let text = campaign::dataflow().graph().to_source(["total"])?;
    /// assert!(text.contains("pub fn campaign(spend: Vec<f64>) -> f64 {"));
    /// assert!(text.contains("    let total = campaign::total(&spend);"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Names that the graph does not have; and all that cannot be written: closures and sub-drivers; fallbacks, retries
    /// and time limits; parameters that only a run has, such as `NodeContext` and outcomes; and nodes with variants, of
    /// which the graph of a [driver](crate::Driver::graph) has the selected one.
    pub fn to_source<S: AsRef<str>>(&self, outputs: impl IntoIterator<Item = S>) -> Result<String, Error> {
        let mut indices = Vec::new();
        for output in outputs {
            let index = self.index(output.as_ref())?;
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        if indices.is_empty() {
            return Err(Error::one(
                ErrorKind::Request,
                "no output is asked for; name at least one".to_owned(),
            ));
        }
        source::source(&self.data, &indices)
    }

    /// The index of a name, or what to say where there is none.
    fn index(&self, name: &str) -> Result<u32, Error> {
        self.data
            .find(name)
            .ok_or_else(|| Error::one(ErrorKind::Request, unknown_name(&self.data, name, "ask for another")))
    }
}

/// The words for a name that nothing in the graph has.
pub(crate) fn unknown_name(data: &GraphData, name: &str, otherwise: &str) -> String {
    let names = data.nodes.iter().map(|node| &*node.name);
    format!("`{name}` is neither a node nor an input; {}", did_you_mean(name, names, otherwise))
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph")
            .field("name", &self.name())
            .field("nodes", &self.all().map(view::GraphNode::name).collect::<Vec<_>>())
            .finish()
    }
}
