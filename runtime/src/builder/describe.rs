//! What can be said of the node that was just added.

use std::any::TypeId;
use std::sync::Arc;

use millstream_compiler::graph::take_each_apart;

use crate::graph::{Draft, RoleData, Split, Text};
use crate::node::NodeValue;
use crate::run::listed;
use crate::value_type::{Plain, ValueType};

use super::part::PartTuple;
use super::{GraphBuilder, new_node};

impl GraphBuilder {
    /// Takes the value of the node just added apart: each part is a node of its own.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder()
    ///     .function("range", (), || (1.5, 9.5))
    ///     .parts(["low", "high"], |range: (f64, f64)| range)
    ///     .function("width", ["low", "high"], |low: &f64, high: &f64| high - low)
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["width"], ())?;
    /// assert_eq!(run.get::<f64>("width")?, &8.0);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn parts<T, P, S, const N: usize>(mut self, names: [&str; N], split: S) -> Self
    where
        T: NodeValue,
        P: PartTuple<N>,
        S: Fn(T) -> P + Send + Sync + 'static,
    {
        let types = P::types();
        let split = Split::Dynamic(Arc::new(move |parts| {
            split(parts.whole_as()).put(parts);
            parts.done()
        }));
        let Some(whole) = self.last("parts") else { return self };
        let name = whole.node.name.clone();
        if whole.node.expands {
            self.problems.push(take_each_apart("parts", &name));
        } else if whole.node.value.type_id() != TypeId::of::<T>() {
            let problem = format!(
                "the parts of node `{name}` are taken from a `{}`, but it yields `{}`; take that apart",
                Plain::<T>::TYPE.text(),
                whole.node.value.text()
            );
            self.problems.push(problem);
        }
        match self.drafts.last_mut().map(|draft| &mut draft.node.role) {
            Some(RoleData::Function(function)) if function.split.is_some() => self.problems.push(format!(
                "the value of `{name}` is taken apart already; do it once, or take it apart in a node that takes `{name}`"
            )),
            Some(RoleData::Function(function)) => function.split = Some(split),
            _ => self.problems.push(format!(
                "`{name}` has parts, but no function computes it; only the value of a function can be taken apart"
            )),
        }
        for ((position, part), value) in (0..).zip(names).zip(types) {
            let node = new_node(part.to_owned(), value, RoleData::Part { of: u32::MAX, position });
            self.drafts.push(Draft { node, part_of: Some((name.clone(), Some(position))), overrides: false });
        }
        self
    }

    /// Gives the node just added a doc comment.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<f64>("a").doc("In euros.").build()?;
    /// assert_eq!(graph.node("a").unwrap().doc(), "In euros.");
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        if let Some(draft) = self.last("doc") {
            draft.node.doc = Text::Owned(doc.into());
        }
        self
    }

    /// Gives the node just added a tag, with a value or several.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().input::<f64>("a").tag("owner", ["climate", "sea"]).build()?;
    /// assert!(graph.node("a").unwrap().has_tag("owner", "sea"));
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn tag<V: Into<String>>(
        mut self,
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        if let Some(draft) = self.last("tag") {
            let values = values.into_iter().map(|value| Text::Owned(value.into())).collect();
            draft.node.tags.push((Text::Owned(key.into()), values));
        }
        self
    }

    /// Gives the node just added a version.
    ///
    /// ```
    /// let graph = millstream::Graph::builder().function("a", (), || 1).version(2).build()?;
    /// assert_eq!(graph.node("a").unwrap().version(), 2);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn version(mut self, version: u64) -> Self {
        if let Some(draft) = self.last("version") {
            draft.node.version = version;
        }
        self
    }

    /// Says what the value of the node just added can do, where it is of a type of your own: be cloned, shown,
    /// written as JSON. Of common types of the standard library this is known.
    ///
    /// ```
    /// use millstream::{Graph, value_type};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Mean(f64);
    ///
    /// let graph = Graph::builder()
    ///     .function("mean", (), || Mean(1.5))
    ///     .value_type(value_type!(Mean))
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["mean"], ())?;
    /// assert_eq!(run.to_json()?.to_string(), r#"{"mean":1.5}"#);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    ///
    /// After a sub-driver it can name the type of any of its outputs, too. That is needed where an output is itself a list, of
    /// the values of a block of that driver, and there is one for each item of a block.
    ///
    /// Called again with the type of a `Vec` of such values, of a `Vec` of these and so on, it lets a node be asked for, and
    /// given, that is in more than two blocks, one within another. Each of these is known for one more.
    ///
    /// ```
    /// use millstream::{Graph, Parallelizable, value_type};
    ///
    /// let below = |number: &u32| Parallelizable::new(0..*number);
    /// let graph = Graph::builder()
    ///     .expand("a", (), || Parallelizable::new([2_u32]))
    ///     .expand("b", ["a"], below)
    ///     .expand("c", ["b"], below)
    ///     .value_type(value_type!(Vec<u32>))
    ///     .build()?;
    /// let run = graph.driver().build()?.execute_named(["c"], ())?;
    /// assert_eq!(run.get::<Vec<Vec<Vec<u32>>>>("c")?, &[vec![vec![], vec![0]]]);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn value_type(mut self, value_type: &'static ValueType) -> Self {
        let Some(last) = self.last("value_type") else { return self };
        let name = last.node.name.clone();
        // The outputs of a sub-driver stand right before it.
        let is_of = |draft: &&mut Draft| draft.part_of.as_ref().is_some_and(|(whole, _)| *whole == name);
        let mut drafts = self.drafts.iter_mut().rev();
        let (mut is_told, mut types) = (false, Vec::new());
        for draft in drafts.next().into_iter().chain(drafts.take_while(is_of)) {
            let value = &mut draft.node.value;
            types.push(value.text());
            let known = if value.type_id() == value_type.type_id() {
                Some(value_type.with_lists_of(value))
            } else {
                value.with_list(value_type)
            };
            is_told |= known.is_some();
            *value = known.unwrap_or(*value);
        }
        if !is_told {
            let types: Vec<&str> = types.iter().map(String::as_str).collect();
            let (says, is) = (value_type.text(), listed(&types));
            let advice = if types.len() > 1 { "name one of these types" } else { "name that type" };
            self.problems.push(format!(
                "`value_type` says that `{name}` yields `{says}`, but it yields {is}; {advice}"
            ));
        }
        self
    }

    /// The node just added stands in the place of the other node of its name.
    ///
    /// ```
    /// use millstream::Graph;
    ///
    /// let graph = Graph::builder().function("a", (), || 1).function("a", (), || 2).overrides().build()?;
    /// assert_eq!(graph.driver().build()?.execute_named(["a"], ())?.get::<i32>("a")?, &2);
    /// # Ok::<(), millstream::Error>(())
    /// ```
    pub fn overrides(mut self) -> Self {
        if let Some(draft) = self.last("overrides") {
            draft.overrides = true;
        }
        self
    }

    pub(super) fn last(&mut self, method: &str) -> Option<&mut Draft> {
        if self.drafts.is_empty() {
            self.problems.push(format!("`{method}` was called before there was a node; add the node first"));
        }
        self.drafts.last_mut()
    }
}
