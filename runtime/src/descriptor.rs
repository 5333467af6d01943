//! What the macros write down about nodes: plain static data, one record a node.
//!
//! Everything here is built by generated code at compile time. Whoever wants to know something about a graph
//! asks [`Graph`](crate::Graph), which reads these records.

use std::any::TypeId;
use std::time::Duration;

use crate::memory::{Call, Parts, Split};
use crate::value_type::ValueType;

/// Where a thing stands in the source.
///
/// ```
/// use millstream::Place;
///
/// let place = Place { file: "src/weather.rs", line: 12, column: 5 };
/// assert_eq!(place.to_string(), "src/weather.rs:12:5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file, as rustc names it.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A tag of a node with its values.
///
/// ```
/// use millstream::Tag;
///
/// let tag = Tag { key: "stage", values: &["load"] };
/// assert!(tag.values.contains(&"load"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    /// The key; it may have dots.
    pub key: &'static str,
    /// One value or several.
    pub values: &'static [&'static str],
}

/// Everything that generated code says about one node.
#[derive(Debug)]
pub struct NodeDescriptor {
    /// The node's name.
    pub name: &'static str,
    /// The type that stands for it: no two nodes share one, while two that a macro wrote may share a place.
    pub id: TypeId,
    /// Where it was written.
    pub home: Home,
    /// Its doc comment.
    pub doc: &'static str,
    /// Where its function, field or attribute stands.
    pub place: Place,
    /// Its tags, in the order written.
    pub tags: &'static [Tag],
    /// `#[node(version = n)]`, 0 where none is given.
    pub version: u64,
    /// The type of its value.
    pub value: &'static ValueType,
    /// How the value comes about.
    pub role: Role,
}

/// Where a node was written.
#[derive(Clone, Copy, Debug)]
pub enum Home {
    /// In a dataflow, which knows what feeds it there.
    Flow(fn() -> &'static FlowTable),
    /// Outside of any, in the module of this path.
    Module(&'static str),
}

impl Home {
    /// The dataflow.
    pub(crate) fn table(self) -> Option<&'static FlowTable> {
        match self {
            Self::Flow(table) => Some(table()),
            Self::Module(_) => None,
        }
    }

    /// The path of the module.
    pub(crate) fn module(self) -> &'static str {
        match self {
            Self::Flow(table) => table().module,
            Self::Module(path) => path,
        }
    }
}

/// How the value of a node comes about.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// The caller supplies it.
    Input {
        /// What there is where the caller supplies none.
        default: Option<InputDefault>,
    },
    /// A function computes it.
    Function {
        /// One, or as many as there are `#[when]`s.
        variants: &'static [Variant],
        /// Takes the value apart where the node has parts.
        split: Option<fn(&Parts<'_>) -> Split>,
        /// Whether it opens a dynamic block, and its value is an item of that.
        expands: bool,
    },
    /// It is a part of another node's value.
    Part {
        /// That node's name.
        of: &'static str,
        /// How it is taken from that value: `.field`, `.1`, or `[key]`.
        taken: &'static str,
    },
}

/// The value of an input that the caller does not supply.
#[derive(Clone, Copy, Debug)]
pub struct InputDefault {
    /// Makes it.
    pub make: Call,
    /// The expression as written, empty where there is none: for an optional input.
    pub written: &'static str,
}

/// One function that can compute a node.
#[derive(Debug)]
pub struct Variant {
    /// The condition as written, empty where there is none.
    pub condition: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// Where it stands, if that is not the place of the node.
    pub place: Option<Place>,
    /// Its parameters: name, and type as written. Name and type say how a parameter takes its value, if `bindings`
    /// does not.
    pub params: &'static [(&'static str, &'static str)],
    /// What is to be said of some parameters besides, by their position.
    pub bindings: &'static [(usize, Binding)],
    /// It, with the types of what it takes and yields.
    pub call: Call,
    /// What is to be done where it fails, if anything was said of that.
    pub recovery: Option<&'static Recovery>,
}

/// What is to be done where a node fails or takes too long.
#[derive(Clone, Copy, Debug)]
pub struct Recovery {
    /// How often it is tried again.
    pub retries: Option<u32>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// What stands in for it.
    pub fallback: Option<Fallback>,
}

/// What stands in for a node that fails.
#[derive(Clone, Copy, Debug)]
pub enum Fallback {
    /// The value of the node of this name.
    Node(&'static str),
    /// A constant: what makes it, and as it is written.
    Value(Call, &'static str),
}

/// What name and type of a parameter do not say.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What feeds it.
    pub source: Source,
    /// Whether the node also runs without it.
    pub optional: bool,
    /// `#[default(..)]` as written, empty where there is none.
    pub default: &'static str,
    /// The type the provider must yield, where the macro has not checked it: on a free-standing node.
    pub value: Option<&'static ValueType>,
}

/// Whether a parameter borrows its value or owns it.
///
/// ```
/// assert_ne!(millstream::Takes::Borrow, millstream::Takes::Own);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Takes {
    /// `&T`
    Borrow,
    /// `T`
    Own,
}

/// What feeds a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// One node or input.
    Name(&'static str),
    /// A constant, as written.
    Value(&'static str),
    /// The run itself.
    Run,
    /// Several nodes by name.
    Group(&'static [&'static str]),
    /// All nodes with a tag, or with a value of it.
    Tag(&'static str, Option<&'static str>),
}

/// A whole dataflow as generated code writes it down.
#[derive(Debug)]
pub struct FlowTable {
    /// The module's name.
    pub name: &'static str,
    /// The module's path.
    pub module: &'static str,
    /// The module's doc comment.
    pub doc: &'static str,
    /// Where the module stands.
    pub place: Place,
    /// Its nodes and inputs in topological order: the position is the index.
    pub nodes: &'static [FlowNode],
    /// Nodes with parts, and the parts in their order.
    pub parts: &'static [(u32, &'static [u32])],
    /// For nodes in more than two blocks, one within another, what is known of lists of their values.
    pub deep: &'static [(u32, TypesOf)],
    /// Nodes with more than one variant.
    pub conditional: &'static [u32],
}

/// What is known of a type, and of lists of it.
pub type TypesOf = fn() -> Vec<&'static ValueType>;

/// A node in its dataflow.
#[derive(Debug)]
pub struct FlowNode {
    /// What it is.
    pub descriptor: &'static NodeDescriptor,
    /// The node whose value it is a part of, or [`NONE`].
    pub part_of: u32,
    /// The dynamic blocks it is in, by the nodes that open them, the outermost first.
    pub scope: &'static [u32],
    /// For each variant the providers of its parameters, constants left out, groups flattened; [`NONE`] where an
    /// optional one is absent.
    pub deps: &'static [&'static [u32]],
}

/// No index.
pub const NONE: u32 = u32::MAX;
