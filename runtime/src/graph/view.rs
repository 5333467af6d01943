//! A node of a graph, seen from outside.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::descriptor::Place;
use crate::value_type::ValueType;

use super::data::{GraphData, NodeData, RoleData};
use super::param::ParamView;

/// A node or an input of a [`Graph`](super::Graph).
///
/// ```
/// use millstream::{Graph, NodeKind};
///
/// let graph = Graph::builder()
///     .input::<f64>("a")
///     .function("b", ["a"], |a: &f64| *a)
///     .doc("The same again.")
///     .tag("stage", ["final"])
///     .build()?;
/// let b = graph.node("b").unwrap();
/// assert_eq!((b.kind(), b.type_name().as_str(), b.doc()), (NodeKind::Function, "f64", "The same again."));
/// assert!(b.has_tag("stage", "final"));
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct GraphNode<'g> {
    graph: &'g GraphData,
    index: u32,
}

/// How the value of a node comes about.
///
/// ```
/// let graph = millstream::Graph::builder().input::<f64>("a").build()?;
/// assert_eq!(graph.node("a").unwrap().kind(), millstream::NodeKind::Input);
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NodeKind {
    /// The caller supplies it.
    Input,
    /// A function computes it.
    Function,
    /// It is a part of another node's value.
    Part,
}

impl<'g> GraphNode<'g> {
    pub(crate) fn new(graph: &'g GraphData, index: u32) -> Self {
        Self { graph, index }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "so that it can be named in a call of `map`")]
    pub(crate) fn index(self) -> u32 {
        self.index
    }

    fn data(self) -> &'g NodeData {
        self.graph.node(self.index)
    }

    /// Its name.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.name(), "b");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn name(self) -> &'g str {
        &self.data().name
    }

    /// Whether it is computed, supplied, or a part of another.
    ///
    /// ```
    /// # use millstream::NodeKind;
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!((a.kind(), x.kind()), (NodeKind::Input, NodeKind::Part));
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn kind(self) -> NodeKind {
        match self.data().role {
            RoleData::Input { .. } => NodeKind::Input,
            RoleData::Function(_) => NodeKind::Function,
            RoleData::Part { .. } => NodeKind::Part,
        }
    }

    /// The type of its value as it was written.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.type_name(), "f64");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn type_name(self) -> String {
        self.data().value.text()
    }

    /// The type of its value, and what that can do.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert!(b.value_type().can_clone());
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn value_type(self) -> &'static ValueType {
        self.data().value
    }

    /// Its doc comment.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.doc(), "B.");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn doc(self) -> &'g str {
        &self.data().doc
    }

    /// Its tags with their values, in the order written.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.tags().next(), Some(("k", vec!["v"])));
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn tags(self) -> impl Iterator<Item = (&'g str, Vec<&'g str>)> {
        self.data().tags.iter().map(|(key, values)| (&**key, values.iter().map(|value| &**value).collect()))
    }

    /// Whether it has the tag `key`, or has it with a value.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert!(b.has_tag("k", "v") && b.has_tag("k", None) && !b.has_tag("k", "w"));
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn has_tag(self, key: &str, value: impl Into<Option<&'g str>>) -> bool {
        self.data().has_tag(key, value.into())
    }

    /// Where it stands in the source; `None` for a closure.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.place(), None);
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn place(self) -> Option<Place> {
        self.data().place
    }

    /// `#[node(version = n)]`, or 0.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.version(), 2);
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn version(self) -> u64 {
        self.data().version
    }

    /// Whether it opens a dynamic block: then its type is that of an item.
    ///
    /// ```
    /// use millstream::prelude::*;
    ///
    /// #[dataflow]
    /// mod letters {
    ///     use millstream::Parallelizable;
    ///
    ///     #[node]
    ///     pub fn letter() -> Parallelizable<char> {
    ///         Parallelizable::new(['a', 'b'])
    ///     }
    /// }
    ///
    /// let letter = letters::dataflow().graph().node("letter").unwrap();
    /// assert!(letter.opens_block() && letter.type_name() == "char");
    /// ```
    #[must_use]
    pub fn opens_block(self) -> bool {
        self.data().expands
    }

    /// Whether it is an input that need not be supplied.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert!(!a.has_default());
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn has_default(self) -> bool {
        matches!(self.data().role, RoleData::Input { default: Some(_) })
    }

    /// The node whose value it is a part of.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(x.part_of().unwrap().name(), "c");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn part_of(self) -> Option<Self> {
        match self.data().role {
            RoleData::Part { of, .. } => Some(Self::new(self.graph, of)),
            _ => None,
        }
    }

    /// The conditions of its variants; one that is empty where there is one function without a condition.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.conditions().collect::<Vec<_>>(), [""]);
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn conditions(self) -> impl Iterator<Item = &'g str> {
        let variants = match &self.data().role {
            RoleData::Function(function) => function.variants.as_slice(),
            _ => &[],
        };
        variants.iter().map(|variant| &*variant.condition)
    }

    /// The parameters of its function, those of all variants one after another.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.params().next().unwrap().name(), "a");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn params(self) -> impl Iterator<Item = ParamView<'g>> {
        let variants = match &self.data().role {
            RoleData::Function(function) => function.variants.as_slice(),
            _ => &[],
        };
        variants.iter().flat_map(|variant| &variant.params).map(ParamView::new)
    }

    /// The nodes that it needs itself, in the order of its parameters, each once.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.needs()[0].name(), "a");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn needs(self) -> Vec<Self> {
        let mut needs: Vec<Self> = Vec::new();
        for provider in self.graph.providers(self.index) {
            if needs.iter().all(|need| need.index != provider) {
                needs.push(Self::new(self.graph, provider));
            }
        }
        needs
    }

    /// The nodes that need it themselves.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(a.needed_by()[0].name(), "b");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn needed_by(self) -> Vec<Self> {
        let count = u32::try_from(self.graph.nodes.len()).unwrap_or(u32::MAX);
        (self.index..count)
            .filter(|other| self.graph.providers(*other).contains(&self.index))
            .map(|other| Self::new(self.graph, other))
            .collect()
    }
}

impl fmt::Debug for GraphNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), self.type_name())
    }
}
