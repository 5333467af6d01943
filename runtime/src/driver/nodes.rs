//! Which nodes a setting is for.

use crate::error::{Error, ErrorKind};
use crate::graph::{Graph, GraphData, RoleData, unknown_name};

use super::outputs::Outputs;

/// Which nodes a setting of a driver is for.
///
/// ```
/// use millstream::{Graph, Nodes, Retry};
///
/// let graph = Graph::builder()
///     .function("fetch", (), || 1.5)
///     .tag("calls", ["network"])
///     .function("twice", ["fetch"], |fetch: &f64| fetch * 2.0)
///     .build()?;
/// let driver = graph
///     .driver()
///     .retry(Nodes::tagged("calls", "network"), Retry::times(3))
///     .retry(Nodes::named(["twice"]), Retry::times(1))
///     .build()?;
/// # let _ = driver;
/// # Ok::<(), millstream::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Nodes {
    which: Which,
}

#[derive(Clone, Debug)]
enum Which {
    All,
    Named(Vec<String>),
    Tagged(String, String),
}

impl Nodes {
    /// All nodes.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1.5).build()?;
    /// use millstream::{Nodes, Retry};
    ///
    /// let driver = graph.driver().retry(Nodes::all(), Retry::times(2)).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn all() -> Self {
        Self { which: Which::All }
    }

    /// The nodes of these names. The driver is not made if there is no such node.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("fetch", (), || 1.5).build()?;
    /// use millstream::{Nodes, Retry};
    ///
    /// let error = graph.driver().retry(Nodes::named(["fetsh"]), Retry::times(2)).build().unwrap_err();
    /// assert_eq!(error.to_string(), "`fetsh` is neither a node nor an input; did you mean `fetch`?");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn named<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self { which: Which::Named(names.into_iter().map(Into::into).collect()) }
    }

    /// The nodes as types: one, or a tuple of up to twelve.
    ///
    /// ```
    /// use millstream::prelude::*;
    /// use millstream::{Nodes, Retry};
    ///
    /// #[dataflow]
    /// mod prices {
    ///     #[node]
    ///     pub fn quote() -> f64 {
    ///         1.5
    ///     }
    /// }
    ///
    /// let driver = prices::driver().retry(Nodes::of::<prices::quote>(), Retry::times(2)).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn of<O: Outputs<Graph>>() -> Self {
        let mut list = Vec::new();
        O::list(&mut list);
        Self::named(list.into_iter().map(|wanted| wanted.name))
    }

    /// The nodes with a tag that has this value.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1.5).tag("calls", ["network"]).build()?;
    /// use millstream::{Nodes, Retry};
    ///
    /// let driver = graph.driver().retry(Nodes::tagged("calls", "network"), Retry::times(2)).build()?;
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn tagged(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { which: Which::Tagged(key.into(), value.into()) }
    }

    /// Those of a graph.
    pub(crate) fn find(&self, graph: &GraphData) -> Result<Vec<u32>, Error> {
        let is_run = |index: &u32| matches!(graph.node(*index).role, RoleData::Function(_));
        let all = || (0..).zip(&graph.nodes);
        match &self.which {
            Which::All => Ok(all().map(|(index, _)| index).filter(is_run).collect()),
            Which::Tagged(key, value) => {
                let tagged = all().filter(|(_, node)| node.has_tag(key, Some(value)));
                Ok(tagged.map(|(index, _)| index).filter(is_run).collect())
            }
            Which::Named(names) => {
                let mut problems = Vec::new();
                let mut found = Vec::with_capacity(names.len());
                for name in names {
                    match graph.find(name).map(|index| (index, &graph.node(index).role)) {
                        Some((index, RoleData::Function(_))) => found.push(index),
                        Some((_, RoleData::Part { of, .. })) => problems.push(format!(
                            "`{name}` is a part of `{0}`, and does not run by itself; name `{0}`",
                            graph.name(*of)
                        )),
                        Some((_, RoleData::Input { .. })) => {
                            problems.push(format!("`{name}` is an input, and does not run; name a node"));
                        }
                        None => problems.push(unknown_name(graph, name, "name a node of this graph")),
                    }
                }
                if problems.is_empty() {
                    Ok(found)
                } else {
                    Err(Error::problems_of(ErrorKind::Graph, problems))
                }
            }
        }
    }
}
