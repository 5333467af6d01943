//! What the rules are told about a graph.

/// A node or an input, as far as the rules are concerned.
///
/// ```
/// use millstream_compiler::graph::{Kind, NodeSpec};
///
/// let spec = NodeSpec::node("roas").needs("spend").needs("signups");
/// assert_eq!((spec.kind, spec.needs.len()), (Kind::Node, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSpec {
    /// The name, which is unique in the graph.
    pub name: String,
    /// Computed or supplied.
    pub kind: Kind,
    /// Whether it stands in the place of a node of the same name on purpose.
    pub overrides: bool,
    /// Tags with their values; a tag may have several.
    pub tags: Vec<(String, Vec<String>)>,
    /// What it needs, in the order of its parameters. Variants of a node have their needs one after another.
    pub needs: Vec<Need>,
}

/// Whether a value is computed by a function or supplied by the caller.
///
/// ```
/// use millstream_compiler::graph::{Kind, NodeSpec};
///
/// assert_eq!(NodeSpec::input("spend").kind, Kind::Input);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Computed by a function.
    Node,
    /// Supplied by the caller.
    Input,
}

/// One thing that a node needs.
///
/// ```
/// use millstream_compiler::graph::{Need, What};
///
/// let need = Need::optional("signups");
/// assert_eq!(need.what, What::Name("signups".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What is needed.
    pub what: What,
    /// Whether the graph may lack it.
    pub optional: bool,
}

/// How a need names what it wants.
///
/// ```
/// use millstream_compiler::graph::What;
///
/// let final_nodes = What::Tag("stage".into(), Some("final".into()));
/// assert_ne!(final_nodes, What::Tag("stage".into(), None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One node or input by name.
    Name(String),
    /// Several by name.
    Group(Vec<String>),
    /// All nodes that have a tag, or that have it with this value.
    Tag(String, Option<String>),
}

impl NodeSpec {
    /// A computed node without needs.
    ///
    /// ```
    /// assert!(millstream_compiler::graph::NodeSpec::node("a").needs.is_empty());
    /// ```
    #[must_use]
    pub fn node(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Node, overrides: false, tags: Vec::new(), needs: Vec::new() }
    }

    /// An input.
    ///
    /// ```
    /// assert_eq!(millstream_compiler::graph::NodeSpec::input("a").name, "a");
    /// ```
    #[must_use]
    pub fn input(name: impl Into<String>) -> Self {
        Self { kind: Kind::Input, ..Self::node(name) }
    }

    /// The same with one more needed name.
    ///
    /// ```
    /// let spec = millstream_compiler::graph::NodeSpec::node("a").needs("b");
    /// assert_eq!(spec.needs.len(), 1);
    /// ```
    #[must_use]
    pub fn needs(mut self, name: impl Into<String>) -> Self {
        self.needs.push(Need { what: What::Name(name.into()), optional: false });
        self
    }
}

impl Need {
    /// A need for one node or input that the graph may lack.
    ///
    /// ```
    /// assert!(millstream_compiler::graph::Need::optional("a").optional);
    /// ```
    #[must_use]
    pub fn optional(name: impl Into<String>) -> Self {
        Self { what: What::Name(name.into()), optional: true }
    }
}
