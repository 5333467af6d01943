//! A parameter of a node, seen from outside.

use crate::descriptor::Takes;

use super::data::{ParamData, SourceData};

/// A parameter of a node's function.
///
/// ```
/// use millstream::{Graph, ParamSource, Takes};
///
/// let graph = Graph::builder().input::<f64>("a").function("b", ["a"], |a: &f64| *a).build()?;
/// let param = graph.node("b").unwrap().params().next().unwrap();
/// assert_eq!((param.name(), param.type_name(), param.takes()), ("a", "&f64", Takes::Borrow));
/// assert_eq!(param.source(), ParamSource::Name("a"));
/// assert!(!param.optional());
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ParamView<'g> {
    data: &'g ParamData,
}

/// What feeds a parameter.
///
/// ```
/// use millstream::ParamSource;
///
/// assert_ne!(ParamSource::Name("a"), ParamSource::Constant("a"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParamSource<'g> {
    /// One node or input.
    Name(&'g str),
    /// A constant, as written.
    Constant(&'g str),
    /// The run itself.
    Run,
    /// Several nodes by name.
    Group(Vec<&'g str>),
    /// All nodes with a tag, or with a value of it.
    Tag(&'g str, Option<&'g str>),
}

impl<'g> ParamView<'g> {
    pub(crate) fn new(data: &'g ParamData) -> Self {
        Self { data }
    }

    /// Its name.
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
    #[must_use]
    pub fn name(self) -> &'g str {
        &self.data.name
    }

    /// Its type as written.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.params().next().unwrap().type_name(), "&f64");
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn type_name(self) -> &'g str {
        &self.data.text
    }

    /// Whether it borrows its value or owns it.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.params().next().unwrap().takes(), millstream::Takes::Borrow);
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn takes(self) -> Takes {
        self.data.takes
    }

    /// Whether the node also runs without it.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert!(!b.params().next().unwrap().optional());
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn optional(self) -> bool {
        self.data.optional
    }

    /// What feeds it.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).tag("k", ["v"]).doc("B.").version(2)
    /// #     .function("c", (), || (1, 2)).parts(["x", "y"], |c: (i32, i32)| c).build()?;
    /// # let (a, b, x) = (graph.node("a").unwrap(), graph.node("b").unwrap(), graph.node("x").unwrap());
    /// assert_eq!(b.params().next().unwrap().source(), millstream::ParamSource::Name("a"));
    /// # let _ = (a, b, x);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn source(self) -> ParamSource<'g> {
        match &self.data.source {
            SourceData::Name(name) | SourceData::Absent(name) => ParamSource::Name(name),
            SourceData::Value(value) => ParamSource::Constant(value),
            SourceData::Run => ParamSource::Run,
            SourceData::Group(names) => ParamSource::Group(names.iter().map(|name| &**name).collect()),
            SourceData::Tag { key, value, .. } => ParamSource::Tag(key, value.as_deref()),
        }
    }
}
