//! What the drivers of a chain have under a name.

use std::any::TypeId;
use std::sync::Arc;

use millstream_compiler::graph::{did_you_mean, nearest};

use crate::driver::Core;
use crate::graph::{GraphData, NodeData};
use crate::run::listed;

/// The nodes and inputs of the drivers of a chain.
pub(super) struct Names<'c> {
    parts: &'c [Arc<Core>],
}

/// A node or an input: the number of its driver, and its index there.
pub(super) type At = (usize, u32);

impl<'c> Names<'c> {
    pub(super) fn of(parts: &'c [Arc<Core>]) -> Self {
        Self { parts }
    }

    fn graph(&self, part: usize) -> &'c GraphData {
        self.parts[part].graph.data()
    }

    fn node(&self, (part, index): At) -> &'c NodeData {
        self.graph(part).node(index)
    }

    /// What has a name in the drivers before one, the nearest first.
    fn before(&self, part: usize, name: &str) -> impl Iterator<Item = At> {
        (0..part).rev().filter_map(move |part| Some((part, self.graph(part).find(name)?)))
    }

    /// The last node of a name.
    fn computed(&self, part: usize, name: &str) -> Option<At> {
        self.before(part, name).find(|at| !self.node(*at).is_input())
    }

    /// What comes to an input: the node that feeds it, or else the first input of its name. A node itself.
    pub(super) fn origin(&self, at: At) -> At {
        let node = self.node(at);
        if !node.is_input() {
            return at;
        }
        self.computed(at.0, &node.name).or_else(|| self.before(at.0, &node.name).last()).unwrap_or(at)
    }

    /// What a name means to the caller: the last node of it, or else the first input.
    pub(super) fn named(&self, name: &str) -> Option<At> {
        let all = self.parts.len();
        self.computed(all, name).or_else(|| self.before(all, name).last())
    }

    /// What a type stands for: the last node that was made of it, or else what it means by name.
    pub(super) fn typed(&self, id: TypeId, name: &str) -> Option<At> {
        let made_of_it = |at: &At| self.node(*at).id == Some(id);
        self.before(self.parts.len(), name).find(made_of_it).or_else(|| self.named(name))
    }

    /// The inputs that no driver feeds, each once.
    pub(super) fn open(self) -> impl Iterator<Item = At> {
        let of_part = |part: usize| {
            (0..).zip(&self.parts[part].graph.data().nodes).map(move |(index, node)| ((part, index), node))
        };
        let all = (0..self.parts.len()).flat_map(of_part).collect::<Vec<_>>();
        all.into_iter().filter(move |(at, node)| node.is_input() && self.origin(*at) == *at).map(|(at, _)| at)
    }

    /// The input that the caller means by a name, or why there is none.
    pub(super) fn input(&self, name: &str) -> Result<At, String> {
        let first = self.before(self.parts.len(), name).last();
        if let Some(at) = first.filter(|at| self.node(*at).is_input()) {
            return Ok(at);
        }
        if first.is_some() {
            return Err(format!(
                "`{name}` is a node, not an input; leave it out, or override it with `override_value`"
            ));
        }
        let open: Vec<&str> = Self::of(self.parts).open().map(|at| &*self.node(at).name).collect();
        let near = nearest(name, open.iter().copied());
        let advice = near.map_or_else(|| "leave it out".to_owned(), |near| format!("did you mean `{near}`?"));
        Err(format!("there is no input `{name}`; {advice}"))
    }

    /// The words for a name that no driver has.
    pub(super) fn unknown(&self, name: &str, otherwise: &str) -> String {
        let names = self.parts.iter().flat_map(|part| part.graph.data().nodes.iter().map(|node| &*node.name));
        format!("`{name}` is neither a node nor an input; {}", did_you_mean(name, names, otherwise))
    }

    /// What is wrong with the drivers one after another.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for part in 1..self.parts.len() {
            let inputs = (0..).zip(&self.graph(part).nodes).filter(|(_, node)| node.is_input());
            let mut is_fed = false;
            for (index, input) in inputs {
                is_fed |= self.computed(part, &input.name).is_some();
                let before = self.before(part, &input.name).next();
                problems.extend(before.and_then(|before| self.mismatch((part, index), before)));
            }
            if !is_fed {
                problems.push(self.unrelated(part));
            }
        }
        problems
    }

    /// That an input is of another type than what comes to it.
    fn mismatch(&self, input: At, before: At) -> Option<String> {
        let (takes, comes) = (self.node(input).value, self.graph(before.0).outside(before.1));
        if takes.type_id() == comes.type_id() {
            return None;
        }
        let (name, takes, comes) = (&self.node(input).name, takes.text(), comes.text());
        let (here, there) = (self.driver(input.0), self.driver(before.0));
        Some(if self.node(before).is_input() {
            format!("input `{name}` is `{comes}` in {there} and `{takes}` in {here}; give it one type")
        } else {
            format!(
                "input `{name}` of {here} is `{takes}`, but node `{name}` of {there} yields `{comes}`; give it that type, or another name"
            )
        })
    }

    /// That a driver takes nothing of those before it.
    fn unrelated(&self, part: usize) -> String {
        let inputs: Vec<&str> =
            self.graph(part).nodes.iter().filter(|node| node.is_input()).map(|node| &*node.name).collect();
        let has = match inputs.as_slice() {
            [] => "which has no inputs".to_owned(),
            [one] => format!("whose input is `{one}`"),
            several => format!("whose inputs are {}", listed(several)),
        };
        format!(
            "nothing that comes before {} in the chain feeds it, {has}; give an input the name of a node before it, or run it by itself",
            self.driver(part)
        )
    }

    /// How messages call a driver.
    fn driver(&self, part: usize) -> String {
        match self.graph(part).name.as_ref() {
            "" => format!("driver {}", part + 1),
            name => format!("`{name}`"),
        }
    }
}
