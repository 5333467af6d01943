//! What a `#[dataflow]` module says, in our words: the result of [`parse`](super::parse), the subject of `check`.
//!
//! The model owns the tokens it needs for places and for the expansion. It holds no types, only how they were
//! written: the compiler never knows more than tokens.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};

/// A `#[dataflow]` module.
#[derive(Debug)]
pub struct Module {
    /// Outer attributes of the user, docs among them, as written; `#[dataflow]` itself is gone.
    pub attributes: TokenStream,
    /// `pub`, `pub(crate)`, .. or nothing.
    pub visibility: TokenStream,
    /// The module's name.
    pub ident: Ident,
    /// What stands in `#[dataflow(..)]`.
    pub options: Options,
    /// The module's doc comment.
    pub doc: String,
    /// The user's items in their order, our attributes taken out, otherwise untouched. Inner attributes of the
    /// module come first. `#[inputs]` and `#[config]` structs are not among them: see [`Fields::item`].
    pub items: Vec<TokenStream>,
    /// The functions marked as nodes, in their order.
    pub functions: Vec<Function>,
    /// The functions that are no nodes.
    pub helpers: Vec<Name>,
    /// The `#[inputs]` struct.
    pub inputs: Option<Fields>,
    /// The `#[config]` struct.
    pub config: Option<Fields>,
    /// `#[include] use ..;`, one entry for each dataflow.
    pub includes: Vec<Include>,
    /// Whether an `#[include]` or inputs could not be read, so that nothing that is missing may be blamed on the user.
    pub includes_unknown: bool,
    /// Structs with named fields that stand in the module: `#[extract_fields]` takes types from them.
    pub structs: Vec<Struct>,
    /// Names the user has put into the type namespace of the module, imports among them.
    pub taken: Vec<Taken>,
    /// The names of its constants and statics.
    pub constants: Vec<String>,
}

/// The options of `#[dataflow(..)]`.
#[derive(Debug, Default)]
pub struct Options {
    /// `export`: may be included from another crate.
    pub export: bool,
    /// `crate = path`: where the facade is.
    pub krate: Option<TokenStream>,
    /// `compile(score = (risk, price))`: the entry points, in their order.
    pub entries: Vec<Entry>,
}

/// One `score = (risk, price)` of `compile(..)`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The function's name.
    pub name: Name,
    /// The nodes and inputs that it yields.
    pub outputs: Vec<Name>,
    /// Whether it yields a struct of them; one that is asked for without a tuple is yielded itself.
    pub tuple: bool,
}

/// A name with the place where the user wrote it.
#[derive(Clone, Debug)]
pub struct Name {
    /// The text, raw prefix (`r#`) taken off.
    pub text: String,
    /// The place.
    pub span: Span,
}

/// A function marked with `#[node]`.
#[derive(Debug)]
pub struct Function {
    /// The function's own name.
    pub ident: Ident,
    /// The node's name: the function's, a suffix after `__` dropped, or `#[node(name = "..")]`.
    pub name: Name,
    /// The function's visibility.
    pub visibility: TokenStream,
    /// The doc comment, lines joined by line breaks, one leading space of each line dropped.
    pub doc: String,
    /// `#[node(version = n)]`.
    pub version: Option<u64>,
    /// `#[node(overrides)]`.
    pub overrides: bool,
    /// `async fn`.
    pub is_async: bool,
    /// `#[fallback(..)]`.
    pub fallback: Option<Fallback>,
    /// `#[node(retries = n)]`: how often it is tried again.
    pub retries: Option<u32>,
    /// `#[node(timeout = "500ms")]`.
    pub timeout: Option<Duration>,
    /// Whether something about it is wrong, which is reported: no rule may guess what was meant.
    pub unclear: bool,
    /// The parameters, `#[inject]` already applied.
    pub params: Vec<Param>,
    /// What it returns.
    pub output: Output,
    /// `#[tag(..)]`.
    pub tags: Vec<Tag>,
    /// `#[tag_outputs(node = { .. })]`.
    pub tag_outputs: Vec<(Name, Vec<Tag>)>,
    /// `#[when(..)]` and `#[when_not(..)]`, all of which must hold.
    pub conditions: Vec<Condition>,
    /// `#[parameterize(..)]` and its relatives: the nodes made of this function instead of itself.
    pub parameterized: Option<Vec<Instance>>,
    /// `#[extract_fields(..)]` or `#[unpack_fields(..)]`.
    pub extract: Option<Extract>,
}

/// What stands in for a node that fails.
#[derive(Clone, Debug)]
pub enum Fallback {
    /// `#[fallback(other)]`: the value of another node, or an input.
    Node(Name),
    /// `#[fallback(value(expr))]`: a constant.
    Value(TokenStream),
}

/// A parameter of a node.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type as written.
    pub ty: TokenStream,
    /// How it takes its value.
    pub mode: Mode,
    /// What feeds it.
    pub bind: Bind,
    /// `#[default(expr)]`.
    pub default: Option<TokenStream>,
}

/// How a parameter takes its value, from its type.
#[derive(Clone, Debug)]
pub enum Mode {
    /// `&T`: holds `T`.
    Borrow(TokenStream),
    /// `T`.
    Own(TokenStream),
    /// `Option<&T>`: holds `T`.
    OptionBorrow(TokenStream),
    /// `Option<T>`: holds `T`.
    OptionOwn(TokenStream),
    /// `Vec<&T>` of a group: holds `&T`.
    GroupList(TokenStream),
    /// `BTreeMap<&str, &T>` of a group: holds `&T`.
    GroupMap(TokenStream),
    /// `Collect<'_, T>`: all values of a node of a dynamic block.
    Collect {
        /// The type of the node that is collected, exactly: `T`, of a tolerant one, too.
        element: TokenStream,
        /// `Collect<'_, Result<T, NodeError>>`: those that failed are there as errors.
        tolerant: bool,
    },
    /// `Result<&T, &NodeError>`: what its provider yielded, or why it failed; holds `T`.
    Tolerant(TokenStream),
    /// `&Metadata<name>`: what the node wrote about itself. An edge that carries no value.
    Metadata,
    /// `NodeContext<'_>`: the run's context. No edge.
    Context,
}

impl Mode {
    /// Whether the type says what feeds the parameter, so that nothing else may.
    #[must_use]
    pub fn says_what_feeds(&self) -> bool {
        matches!(self, Self::Metadata | Self::Context)
    }
}

/// What feeds a parameter.
#[derive(Clone, Debug)]
pub enum Bind {
    /// The node or input of a name; the place is that of the token which says so.
    Name(Name),
    /// `#[value(expr)]`: a constant. Empty where what feeds the parameter could not be read: that is reported, and
    /// nothing more is to be said about it.
    Value(TokenStream),
    /// `#[group(a, b)]`; the span is the attribute's.
    Group(Vec<Name>, Span),
    /// `#[group(tag(key = "value"))]` or `#[group(tag(key))]`; the span is the attribute's.
    GroupTag {
        /// The tag.
        key: String,
        /// Its value, or any.
        value: Option<String>,
        /// The attribute.
        span: Span,
    },
    /// The run itself: [`Mode::Context`].
    Run,
}

/// What a function returns.
#[derive(Clone, Debug)]
pub struct Output {
    /// The whole return type as written; `()` where there is none.
    pub ty: TokenStream,
    /// The value's type as written; `None` where only rustc knows (`#[node(fallible)]` of an alias).
    /// Where it opens a block that is the type of an item, for which nodes inside take it.
    pub value: Option<TokenStream>,
    /// `Parallelizable<T>`: it opens a dynamic block.
    pub expands: bool,
    /// Whether it may fail.
    pub fails: Fails,
    /// A place for what is wrong with it: its first token, or the function's name where there is none.
    pub span: Span,
}

/// Whether a function may fail.
#[derive(Clone, Debug)]
pub enum Fails {
    /// It yields its value.
    Never,
    /// `Result<T, E>`: holds `E`.
    With(TokenStream),
    /// A result whose error type is not written (`io::Result<T>`, `#[node(fallible)]`).
    Somehow,
}

/// `key = "value"` or `key = ["a", "b"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The key; it may be a path with dots.
    pub key: String,
    /// One value or several.
    pub values: Vec<String>,
}

/// One `field = pattern` of `#[when(..)]`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The config field.
    pub field: Name,
    /// The pattern as written.
    pub pattern: TokenStream,
    /// Whether it stood in `#[when_not(..)]`.
    pub negated: bool,
}

/// One node made of a parameterized function.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The node's name.
    pub name: Name,
    /// Its own doc comment, or the function's with `{param}` filled in.
    pub doc: String,
    /// What feeds which parameter: all of the function's parameters, in their order.
    pub params: Vec<Param>,
}

/// `#[extract_fields(..)]`, `#[unpack_fields(..)]`.
#[derive(Clone, Debug)]
pub struct Extract {
    /// How the parts lie in the value.
    pub shape: Shape,
    /// The parts.
    pub parts: Vec<Part>,
}

/// How parts lie in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Fields of a struct.
    Struct,
    /// Keys of a map.
    Map,
    /// Elements of a tuple.
    Tuple,
}

/// One part of a value, which is a node of its own.
#[derive(Clone, Debug)]
pub struct Part {
    /// Field name, key and node name at once.
    pub name: Name,
    /// Its type: written in the attribute, in the struct, in the map's or the tuple's type.
    pub ty: TokenStream,
    /// Its doc comment, where the struct has one.
    pub doc: String,
    /// Which element of a tuple it is, from 0; among fields and keys its position in the attribute.
    pub index: usize,
}

/// The `#[inputs]` or the `#[config]` struct.
#[derive(Debug)]
pub struct Fields {
    /// The whole struct as the user wrote it, our attributes taken out.
    pub item: TokenStream,
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub visibility: TokenStream,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of [`Fields`].
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its visibility.
    pub visibility: TokenStream,
    /// Its type as written.
    pub ty: TokenStream,
    /// Its doc comment.
    pub doc: String,
    /// `#[default(expr)]`; only inputs have one.
    pub default: Option<TokenStream>,
}

/// One dataflow of `#[include] use ..;`.
#[derive(Debug)]
pub struct Include {
    /// The name that the `use` brings in.
    pub local: Ident,
}

/// A struct with named fields.
#[derive(Debug)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// Name, type and doc comment of its fields.
    pub fields: Vec<(String, TokenStream, String)>,
    /// The fields that are not `pub`.
    pub private: Vec<String>,
}

/// A name the user has put into the type namespace.
#[derive(Debug)]
pub struct Taken {
    /// The name.
    pub name: Name,
    /// What it names: `struct`, `import`, ..
    pub what: &'static str,
}
