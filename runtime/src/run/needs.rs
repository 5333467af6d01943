//! What has to be there, and what has to run, for a request.

use std::collections::{BTreeMap, BTreeSet};

use crate::descriptor::NONE;
use crate::graph::{GraphData, NodeData, RoleData, VariantData};

use super::plan::to_u32;
use super::tasks::Want;

/// For each node of the graph.
pub(crate) struct Needs {
    /// Whether somebody needs its value.
    pub(crate) value: Vec<bool>,
    /// Whether its function must be called, or its value be taken apart.
    pub(crate) runs: Vec<bool>,
    /// Whether somebody needs what it writes about itself.
    pub(crate) notes: Vec<bool>,
    /// Whether the caller gives its value.
    pub(crate) given: Vec<bool>,
    /// Nodes that run only where one of others fails, and those others.
    pub(crate) guards: BTreeMap<u32, Vec<u32>>,
}

/// Something that is needed of a node.
#[derive(Clone, Copy)]
enum Need {
    Value(u32),
    Notes(u32),
    /// That it runs, for others of its block do.
    Call(u32),
}

impl Needs {
    pub(crate) fn of(graph: &GraphData, outputs: &[u32], given: &[u32]) -> Self {
        let needs = Self::with_rings(graph, outputs, given, &Rings::new());
        let rings = if needs.guards.is_empty() { Rings::new() } else { needs.rings(graph) };
        if rings.is_empty() { needs } else { Self::with_rings(graph, outputs, given, &rings) }
    }

    /// A block runs as a whole: what is needed there for a fallback alone runs with the others.
    fn rings(&self, graph: &GraphData) -> Rings {
        let mut blocks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (node, data) in (0..).zip(&graph.nodes).filter(|(node, _)| self.runs[*node as usize]) {
            if data.expands || !data.scope.is_empty() {
                blocks.entry(*data.scope.first().unwrap_or(&node)).or_default().push(node);
            }
        }
        let pairs = blocks.values().flat_map(|block| block.iter().zip(block.iter().cycle().skip(1)));
        pairs.map(|(node, next)| (*node, *next)).collect()
    }

    /// The same where it is known of some nodes that they run together.
    fn with_rings(graph: &GraphData, outputs: &[u32], given: &[u32], rings: &Rings) -> Self {
        let count = graph.nodes.len();
        let mut needs = Self {
            value: vec![false; count],
            runs: vec![false; count],
            notes: vec![false; count],
            given: vec![false; count],
            guards: BTreeMap::new(),
        };
        for node in given {
            needs.given[*node as usize] = true;
        }
        let mut stack: Vec<Need> = outputs.iter().map(|output| Need::Value(*output)).collect();
        while let Some(need) = stack.pop() {
            if let Some(runs) = needs.note(graph, need) {
                needs.run(graph, runs, &mut stack, rings);
            }
        }
        needs.fallbacks(graph, rings);
        needs
    }

    /// What stands in for nodes that run, and what only that needs.
    fn fallbacks(&mut self, graph: &GraphData, rings: &Rings) {
        let always = self.runs.clone();
        let mut owners: Vec<u32> =
            (0..).zip(&always).filter(|(_, runs)| **runs).map(|(node, _)| node).collect();
        while let Some(owner) = owners.pop() {
            // In a block all runs for each item, and has been seen to.
            let is_outside = graph.node(owner).scope.is_empty();
            let Some(fallback) = self.fallback(graph, owner).filter(|_| is_outside) else { continue };
            let mut seen = BTreeSet::new();
            let mut stack = vec![Need::Value(fallback)];
            while let Some(need) = stack.pop() {
                let Some(runs) = self.note(graph, need) else { continue };
                if always[runs as usize] || !seen.insert(runs) {
                    continue;
                }
                self.guards.entry(runs).or_default().push(owner);
                let is_new = !self.runs[runs as usize];
                self.run(graph, runs, &mut stack, rings);
                if is_new {
                    owners.push(runs);
                } else if !self.given[runs as usize] {
                    // Another one has led here, but what leads on from here has not been seen for this one.
                    add_needs(graph, runs, rings, &mut stack);
                }
            }
        }
        self.untangle(graph, rings);
    }

    /// A node cannot wait for the failure of one that needs it, or what stands in for what that needs. It runs then
    /// where that one does: where one that it stands in for has failed, or in any case.
    fn untangle(&mut self, graph: &GraphData, rings: &Rings) {
        let shared = self.guards.iter().filter(|(_, owners)| owners.len() > 1);
        let shared: Vec<(u32, Vec<u32>)> = shared.map(|(node, owners)| (*node, owners.clone())).collect();
        let mut before: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let mut settled = Vec::with_capacity(shared.len());
        for (node, mut owners) in shared {
            let (mut guards, mut runs_always) = (BTreeSet::new(), false);
            while let Some(owner) = owners.pop() {
                let before = before.entry(owner).or_insert_with(|| self.before(graph, owner, rings));
                if !before.contains(&node) {
                    guards.insert(owner);
                } else if let Some(earlier) = self.guards.get(&owner) {
                    owners.extend(earlier);
                } else {
                    runs_always = true;
                }
            }
            if runs_always {
                guards.clear();
            }
            settled.push((node, guards.into_iter().collect()));
        }
        self.guards.extend(settled);
    }

    /// All that a node needs, or one that it stands in for, and what may stand in for that.
    fn before(&self, graph: &GraphData, node: u32, rings: &Rings) -> BTreeSet<u32> {
        let (mut owners, mut later) = (vec![node], BTreeSet::new());
        while let Some(owner) = owners.pop() {
            if later.insert(owner) {
                owners.extend(self.guards.get(&owner).into_iter().flatten());
            }
        }
        let mut before = BTreeSet::new();
        let mut stack = Vec::new();
        for owner in later {
            add_needs(graph, owner, rings, &mut stack);
        }
        while let Some(Need::Value(next) | Need::Notes(next) | Need::Call(next)) = stack.pop() {
            let runs = match graph.node(next).role {
                RoleData::Part { of, .. } => of,
                RoleData::Input { .. } | RoleData::Function(_) => next,
            };
            if !self.given[next as usize] && !self.given[runs as usize] && before.insert(runs) {
                add_needs(graph, runs, rings, &mut stack);
                stack.extend(self.fallback(graph, runs).map(Need::Value));
            }
        }
        before
    }

    /// What stands in for a node that runs.
    pub(crate) fn fallback(&self, graph: &GraphData, node: u32) -> Option<u32> {
        let RoleData::Function(function) = &graph.node(node).role else { return None };
        function.variants.first()?.fallback().filter(|_| !self.given[node as usize])
    }

    /// Notes that something is needed, and says what has to run for it.
    fn note(&mut self, graph: &GraphData, need: Need) -> Option<u32> {
        let (Need::Value(node) | Need::Notes(node) | Need::Call(node)) = need;
        let runs = match &graph.node(node).role {
            RoleData::Input { .. } => None,
            RoleData::Function(_) => Some(node),
            RoleData::Part { of, .. } => Some(*of),
        };
        match need {
            Need::Value(node) => {
                self.value[node as usize] = true;
                runs.filter(|_| !self.given[node as usize])
            }
            Need::Call(_) => runs,
            Need::Notes(_) => {
                let runs = runs.filter(|runs| !self.given[*runs as usize])?;
                self.notes[runs as usize] = true;
                Some(runs)
            }
        }
    }

    fn run(&mut self, graph: &GraphData, node: u32, stack: &mut Vec<Need>, rings: &Rings) {
        if std::mem::replace(&mut self.runs[node as usize], true) {
            return;
        }
        if self.given[node as usize] {
            // The given value is only taken apart.
            stack.push(Need::Value(node));
        } else {
            add_needs(graph, node, rings, stack);
        }
    }

    /// Inputs that must be supplied and are not, each with the nodes that cannot do without it.
    pub(crate) fn missing_inputs<'g>(
        &self,
        graph: &'g GraphData,
        outputs: &[u32],
        excused: impl Fn(u32) -> bool,
    ) -> BTreeMap<u32, Vec<&'g str>> {
        let missing = |index: u32| {
            !self.given[index as usize]
                && !excused(index)
                && matches!(graph.node(index).role, RoleData::Input { default: None })
        };
        let mut needed_by: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        if !(0..to_u32(graph.nodes.len())).any(missing) {
            return needed_by;
        }
        for output in outputs.iter().filter(|output| missing(**output)) {
            needed_by.entry(*output).or_default();
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            if !self.runs[index] || self.given[index] {
                continue;
            }
            let fallback = self.fallback(graph, to_u32(index));
            for dep in required(node).chain(fallback).filter(|dep| missing(*dep)) {
                let names = needed_by.entry(dep).or_default();
                if names.last() != Some(&&*node.name) {
                    names.push(&node.name);
                }
            }
        }
        needed_by
    }
}

/// That an input is missing which nodes need.
pub(crate) fn is_missing(input: &NodeData, names: &[&str]) -> String {
    let (name, ty) = (&input.name, input.value.text());
    match names {
        [] => format!("input `{name}` is missing, which is asked for; supply a `{ty}`"),
        names => {
            let need = if names.len() == 1 { "needs" } else { "need" };
            format!("input `{name}` is missing, which {} {need}; supply a `{ty}`", listed(names))
        }
    }
}

/// Nodes that run together: each needs the next one, and the last one the first.
type Rings = BTreeMap<u32, u32>;

/// Adds what a node needs of others.
fn add_needs(graph: &GraphData, node: u32, rings: &Rings, needs: &mut Vec<Need>) {
    let data = graph.node(node);
    let RoleData::Function(function) = &data.role else { return };
    if let Some(variant) = function.variants.first() {
        for (param, deps) in variant.fed() {
            let need = if Want::of(param) == Want::Notes { Need::Notes } else { Need::Value };
            needs.extend(deps.iter().filter(|dep| **dep != NONE).map(|dep| need(*dep)));
        }
        // What stands in for a node in a block is there for each item.
        let is_inside = !data.scope.is_empty();
        needs.extend(variant.fallback().filter(|_| is_inside).map(Need::Value));
    }
    needs.extend(rings.get(&node).map(|next| Need::Call(*next)));
}

/// Those that provide what a node cannot do without.
fn required(node: &NodeData) -> impl Iterator<Item = u32> {
    let variant = match &node.role {
        RoleData::Function(function) => function.variants.first(),
        RoleData::Input { .. } | RoleData::Part { .. } => None,
    };
    let fed = variant.into_iter().flat_map(VariantData::fed).filter(|(param, _)| !param.optional);
    fed.flat_map(|(_, deps)| deps).copied().filter(|dep| *dep != NONE)
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`", and no more than five of them.
pub(crate) fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        shown.push(format!("{} more", names.len() - MOST));
    }
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}
