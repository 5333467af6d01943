//! Which nodes a setting is for.

use millstream_compiler::graph::did_you_mean;

use crate::graph::{Graph, GraphData, NodeData, RoleData, unknown_name};

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
    /// assert_eq!(error.to_string(), "retry: `fetsh` is neither a node nor an input; did you mean `fetch`?");
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
        let mut names = Vec::new();
        O::each(&mut |wanted| names.push(wanted.name));
        Self::named(names)
    }

    /// The nodes with a tag that has this value. The driver is not made if there is none.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().function("a", (), || 1.5).tag("calls", ["network"]).build()?;
    /// use millstream::{Nodes, Retry};
    ///
    /// let driver = graph.driver().retry(Nodes::tagged("calls", "network"), Retry::times(2)).build()?;
    ///
    /// let error = graph.driver().retry(Nodes::tagged("calls", "netwerk"), Retry::times(2)).build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "retry: no node has a tag `calls` with the value `netwerk`; did you mean `network`?"
    /// );
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn tagged(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { which: Which::Tagged(key.into(), value.into()) }
    }

    /// Those of a graph, and what is wrong with them, for a `setting` of a driver.
    pub(crate) fn find(&self, graph: &GraphData, setting: &str, problems: &mut Vec<String>) -> Vec<u32> {
        let mut wrong = |problem: String| problems.push(format!("{setting}: {problem}"));
        let all = || (0..).zip(&graph.nodes).filter(|(_, node)| matches!(node.role, RoleData::Function(_)));
        match &self.which {
            Which::All => all().map(|(index, _)| index).collect(),
            Which::Tagged(key, value) => {
                let tagged = all().filter(|(_, node)| node.has_tag(key, Some(value)));
                let found: Vec<u32> = tagged.map(|(index, _)| index).collect();
                if found.is_empty() {
                    wrong(untagged(key, value, all().map(|(_, node)| node)));
                }
                found
            }
            Which::Named(names) => {
                let found = names.iter().map(|name| named(graph, name));
                found.filter_map(|found| found.map_err(&mut wrong).ok()).collect()
            }
        }
    }
}

fn named(graph: &GraphData, name: &str) -> Result<u32, String> {
    match graph.find(name).map(|index| (index, &graph.node(index).role)) {
        Some((index, RoleData::Function(_))) => Ok(index),
        Some((_, RoleData::Part { of, .. })) => {
            let whole = graph.name(*of);
            Err(format!("`{name}` is a part of `{whole}`, and does not run by itself; name `{whole}`"))
        }
        Some((_, RoleData::Input { .. })) => {
            Err(format!("`{name}` is an input, and does not run; name a node"))
        }
        None => Err(unknown_name(graph, name, "name a node of this graph")),
    }
}

fn untagged<'n>(key: &str, value: &str, nodes: impl Iterator<Item = &'n NodeData>) -> String {
    let tags: Vec<_> = nodes.flat_map(|node| &node.tags).collect();
    let of_key = tags.iter().filter(|(other, _)| other == key);
    let values: Vec<&str> = of_key.flat_map(|(_, values)| values.iter().map(AsRef::as_ref)).collect();
    let otherwise = "tag the nodes that are meant, or name them";
    if values.is_empty() {
        let advice = did_you_mean(key, tags.iter().map(|(key, _)| key.as_ref()), otherwise);
        return format!("no node has a tag `{key}`; {advice}");
    }
    let advice = did_you_mean(value, values, otherwise);
    format!("no node has a tag `{key}` with the value `{value}`; {advice}")
}
