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
#[allow(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub struct NodeSpec {
    /// The name, which is unique in the graph.
    pub name: String,
    /// Computed or supplied.
    pub kind: Kind,
    /// Whether it stands in the place of a node of the same name on purpose.
    pub overrides: bool,
    /// Whether it opens a dynamic block: what others take of it is an item.
    pub expands: bool,
    /// The node or input that stands in for it where it fails.
    pub fallback: Option<String>,
    /// Whether its time is limited, and it needs a thread of its own for that.
    pub limited: bool,
    /// Whether something about it is wrong that the rules know nothing of. They say nothing about blocks then that
    /// may follow from it.
    pub unclear: bool,
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
    /// What of it is taken.
    pub take: Take,
}

/// What is taken of a needed node.
///
/// ```
/// use millstream_compiler::graph::{NodeSpec, Take};
///
/// assert_eq!(NodeSpec::node("total").collects("price").needs[0].take, Take::Collected);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Take {
    /// Its value: in a block that of one item.
    #[default]
    Value,
    /// All its values in the innermost block that it is in.
    Collected,
    /// Its value, or why it failed.
    Tolerated,
    /// What it wrote about itself.
    Metadata,
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
        Self {
            name: name.into(),
            kind: Kind::Node,
            overrides: false,
            expands: false,
            fallback: None,
            limited: false,
            unclear: false,
            tags: Vec::new(),
            needs: Vec::new(),
        }
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
        self.needs.push(Need::name(name));
        self
    }

    /// The same with one more name, of which all items are collected.
    ///
    /// ```
    /// use millstream_compiler::graph::{NodeSpec, check};
    ///
    /// let total = [NodeSpec::node("prices").expanding(), NodeSpec::node("total").collects("prices")];
    /// assert!(check(&total).is_ok());
    /// ```
    #[must_use]
    pub fn collects(mut self, name: impl Into<String>) -> Self {
        self.needs.push(Need { take: Take::Collected, ..Need::name(name) });
        self
    }

    /// The same with another node or input that stands in for it where it fails.
    ///
    /// ```
    /// use millstream_compiler::graph::{NodeSpec, check};
    ///
    /// let resolved = check(&[NodeSpec::node("live").falls_back_on("stored"), NodeSpec::node("stored")]).unwrap();
    /// assert_eq!((resolved.fallbacks, resolved.order), (vec![Some(1), None], vec![1, 0]));
    /// ```
    #[must_use]
    pub fn falls_back_on(mut self, name: impl Into<String>) -> Self {
        self.fallback = Some(name.into());
        self
    }

    /// The same as a node that opens a dynamic block.
    ///
    /// ```
    /// use millstream_compiler::graph::{NodeSpec, check};
    ///
    /// let resolved = check(&[NodeSpec::node("urls").expanding(), NodeSpec::node("page").needs("urls")]).unwrap();
    /// assert_eq!(resolved.scopes, [vec![], vec![0]]);
    /// ```
    #[must_use]
    pub fn expanding(mut self) -> Self {
        self.expands = true;
        self
    }
}

impl Need {
    /// A need for one node or input.
    ///
    /// ```
    /// assert!(!millstream_compiler::graph::Need::name("a").optional);
    /// ```
    #[must_use]
    pub fn name(name: impl Into<String>) -> Self {
        Self { what: What::Name(name.into()), optional: false, take: Take::Value }
    }

    /// A need for one node or input that the graph may lack.
    ///
    /// ```
    /// assert!(millstream_compiler::graph::Need::optional("a").optional);
    /// ```
    #[must_use]
    pub fn optional(name: impl Into<String>) -> Self {
        Self { optional: true, ..Self::name(name) }
    }
}
