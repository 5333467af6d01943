//! Questions about who needs whom. All answers are found without recursion.

use std::collections::VecDeque;

use crate::descriptor::NONE;
use crate::error::Error;

use super::data::GraphData;
use super::{Graph, GraphNode};

impl Graph {
    /// Everything that the node `name` needs, directly or through others, in the graph's order.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).function("c", ["b"], |b: &f64| *b).build()?;
    /// // a -> b -> c
    /// let names: Vec<&str> = graph.upstream("c")?.iter().map(|node| node.name()).collect();
    /// assert_eq!(names, ["a", "b"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such node, with a suggestion.
    pub fn upstream(&self, name: &str) -> Result<Vec<GraphNode<'_>>, Error> {
        let start = self.index(name)?;
        Ok(self.reached(start, |index| self.data().providers(index)))
    }

    /// Everything that needs the node `name`, directly or through others, in the graph's order.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).function("c", ["b"], |b: &f64| *b).build()?;
    /// // a -> b -> c
    /// let names: Vec<&str> = graph.downstream("a")?.iter().map(|node| node.name()).collect();
    /// assert_eq!(names, ["b", "c"]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such node, with a suggestion.
    pub fn downstream(&self, name: &str) -> Result<Vec<GraphNode<'_>>, Error> {
        let start = self.index(name)?;
        let dependents = self.data().dependents();
        Ok(self.reached(start, |index| dependents[index as usize].clone()))
    }

    /// The shortest way on which the value of `from` reaches `to`, both included; `None` where there is none.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").function("b", ["a"], |a: &f64| *a).function("c", ["b"], |b: &f64| *b).build()?;
    /// // a -> b -> c
    /// let way = graph.path("a", "c")?.unwrap();
    /// assert_eq!(way.iter().map(|node| node.name()).collect::<Vec<_>>(), ["a", "b", "c"]);
    /// assert!(graph.path("c", "a")?.is_none());
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no node of one of the names, with a suggestion.
    pub fn path(&self, from: &str, to: &str) -> Result<Option<Vec<GraphNode<'_>>>, Error> {
        let (from, to) = (self.index(from)?, self.index(to)?);
        let way = shortest_way(self.data(), from, to);
        Ok(way.map(|way| way.into_iter().map(|index| GraphNode::new(self.data(), index)).collect()))
    }

    /// The nodes and inputs that have the tag `key`, or that have it with a value, in the graph's order.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder()
    /// #     .input::<f64>("a").tag("stage", ["load"]).input::<f64>("b").tag("stage", ["final"]).build()?;
    /// assert_eq!(graph.tagged("stage", None).len(), 2);
    /// assert_eq!(graph.tagged("stage", "final")[0].name(), "b");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn tagged<'a>(&self, key: &str, value: impl Into<Option<&'a str>>) -> Vec<GraphNode<'_>> {
        let value = value.into();
        self.filter(|node| self.data().node(node.index()).has_tag(key, value))
    }

    /// The nodes and inputs for which `keep` is true, in the graph's order.
    ///
    /// ```
    /// # let graph = millstream::Graph::builder().input::<f64>("a").input::<u8>("b").build()?;
    /// let floats = graph.filter(|node| node.type_name() == "f64");
    /// assert_eq!(floats.len(), 1);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    #[must_use]
    pub fn filter(&self, keep: impl FnMut(&GraphNode<'_>) -> bool) -> Vec<GraphNode<'_>> {
        self.all().filter(keep).collect()
    }

    fn reached(&self, start: u32, next: impl Fn(u32) -> Vec<u32>) -> Vec<GraphNode<'_>> {
        let mut seen = vec![false; self.len()];
        let mut stack = vec![start];
        while let Some(index) = stack.pop() {
            for other in next(index) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    stack.push(other);
                }
            }
        }
        self.filter(|node| seen[node.index() as usize])
    }
}

/// Breadth first, from the end to the beginning: providers are at hand.
fn shortest_way(graph: &GraphData, from: u32, to: u32) -> Option<Vec<u32>> {
    let mut next = vec![NONE; graph.nodes.len()];
    let mut queue = VecDeque::from([to]);
    while let Some(index) = queue.pop_front() {
        if index == from {
            return Some(follow(&next, from, to));
        }
        for provider in graph.providers(index) {
            if next[provider as usize] == NONE {
                next[provider as usize] = index;
                queue.push_back(provider);
            }
        }
    }
    None
}

fn follow(next: &[u32], from: u32, to: u32) -> Vec<u32> {
    let mut way = vec![from];
    let mut at = from;
    while at != to {
        at = next[at as usize];
        way.push(at);
    }
    way
}
