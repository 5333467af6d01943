//! From names to indices, and from indices to an order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cycle::{self, Edges};
use super::suggest::{did_you_mean, nearest};
use super::{Kind, Need, NodeSpec, Problem, Take, What, blocks};

/// A graph that keeps all rules.
///
/// ```
/// use millstream_compiler::graph::{NodeSpec, check};
///
/// let resolved = check(&[NodeSpec::node("roas").needs("spend"), NodeSpec::input("spend")]).unwrap();
/// assert_eq!(resolved.needs[0][0], [Some(1)]);
/// assert_eq!(resolved.order, [1, 0]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// For each node and each of its needs, the providers; `None` where an optional need has none.
    /// A need by name has exactly one entry, a group one for each member.
    pub needs: Vec<Vec<Vec<Option<usize>>>>,
    /// For each node the one that stands in for it where it fails.
    pub fallbacks: Vec<Option<usize>>,
    /// All nodes but the overridden ones in topological order, as near to the order of declaration as the
    /// edges allow. A fallback comes before what it stands in for.
    pub order: Vec<usize>,
    /// For each node the dynamic blocks it is in, by the nodes that open them, the outermost first. A node that opens
    /// one is itself outside of it; its items are inside.
    pub scopes: Vec<Vec<usize>>,
}

/// Resolves and orders a graph, or says everything that is wrong with it, in the order of declaration.
///
/// # Errors
/// Every [`Problem`] of the graph. A cycle is looked for only where all names are known, for an unknown name may
/// be the cause of it.
///
/// ```
/// use millstream_compiler::graph::{NodeSpec, check};
///
/// let cycle = [NodeSpec::node("a").needs("b"), NodeSpec::node("b").needs("a")];
/// let problems = check(&cycle).unwrap_err();
/// assert_eq!(
///     problems[0].to_string(),
///     "these nodes need each other: `a` -> `b` -> `a`; break the cycle at one of them"
/// );
/// ```
pub fn check(specs: &[NodeSpec]) -> Result<Resolved, Vec<Problem>> {
    let mut problems = Vec::new();
    let names = Names::collect(specs, &mut problems);
    let needs = resolve(specs, &names, &mut problems);
    let fallbacks = resolve_fallbacks(&names, &mut problems);
    let edges = Edges { needs: &needs, fallbacks: &fallbacks };
    let cycles = cycle::cycles(specs, &names.live, edges);
    let of_fallbacks = cycle::of_fallbacks(specs, &names.live, edges, &cycles);
    problems.extend(cycles.into_iter().chain(of_fallbacks));
    let order = topological_order(&names, edges);
    let scopes = blocks::scopes(specs, edges, &order, &mut problems);
    if problems.is_empty() { Ok(Resolved { needs, fallbacks, order, scopes }) } else { Err(problems) }
}

/// Who answers to a name.
struct Names<'a> {
    by_name: BTreeMap<&'a str, usize>,
    /// False for a node in whose place another stands.
    live: Vec<bool>,
    specs: &'a [NodeSpec],
}

impl<'a> Names<'a> {
    fn collect(specs: &'a [NodeSpec], problems: &mut Vec<Problem>) -> Self {
        let mut all: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, spec) in specs.iter().enumerate() {
            all.entry(&spec.name).or_default().push(index);
        }
        let mut live = vec![true; specs.len()];
        let mut found = Vec::new();
        let mut by_name = BTreeMap::new();
        for (name, bearers) in all {
            by_name.insert(name, answers(specs, &bearers, &mut live, &mut found));
        }
        // In the order of declaration, not of names.
        found.sort_by_key(|(index, _)| *index);
        problems.extend(found.into_iter().map(|(_, problem)| problem));
        Self { by_name, live, specs }
    }

    fn all(&self) -> impl Iterator<Item = &'a str> {
        self.by_name.keys().copied()
    }

    fn live_nodes(&self) -> impl Iterator<Item = (usize, &'a NodeSpec)> {
        self.specs.iter().enumerate().filter(|(index, _)| self.live[*index])
    }
}

/// Who answers to a name that several may bear: the one that overrides the others, else the first. What is wrong with
/// it is found, together with the node that it is about.
fn answers(
    specs: &[NodeSpec],
    bearers: &[usize],
    live: &mut [bool],
    found: &mut Vec<(usize, Problem)>,
) -> usize {
    let first = bearers[0];
    let overriding: Vec<usize> = bearers.iter().copied().filter(|bearer| specs[*bearer].overrides).collect();
    let computed = |bearer: &usize| specs[*bearer].kind == Kind::Node;
    if let [winner] = overriding[..] {
        if bearers.len() == 1 {
            let name = specs[winner].name.clone();
            found.push((winner, Problem::OverridesNothing { node: winner, name }));
            return winner;
        }
        if bearers.iter().all(computed) {
            for bearer in bearers.iter().filter(|bearer| **bearer != winner) {
                live[*bearer] = false;
            }
            return winner;
        }
    }
    for second in &bearers[1..] {
        found.push((*second, same_name(specs, first, *second)));
    }
    first
}

fn same_name(specs: &[NodeSpec], first: usize, second: usize) -> Problem {
    let name = specs[first].name.clone();
    match (specs[first].kind, specs[second].kind) {
        (Kind::Input, Kind::Node) => Problem::InputAndNode { input: first, node: second, name },
        (Kind::Node, Kind::Input) => Problem::InputAndNode { input: second, node: first, name },
        _ => Problem::Duplicate { first, second, name },
    }
}

fn resolve(
    specs: &[NodeSpec],
    names: &Names<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<Vec<Option<usize>>>> {
    let mut all = Vec::with_capacity(specs.len());
    for (node, spec) in specs.iter().enumerate() {
        let mut of_node = Vec::with_capacity(spec.needs.len());
        for (position, need) in spec.needs.iter().enumerate() {
            of_node.push(resolve_need(names, node, position, need, problems));
        }
        all.push(of_node);
    }
    all
}

fn resolve_need(
    names: &Names<'_>,
    node: usize,
    position: usize,
    need: &Need,
    problems: &mut Vec<Problem>,
) -> Vec<Option<usize>> {
    let name = &names.specs[node].name;
    let one = |needed: &str, member: usize, problems: &mut Vec<Problem>| {
        let found = names.by_name.get(needed).copied();
        if found.is_none() && !need.optional {
            problems.push(Problem::Unknown {
                node,
                need: position,
                member,
                name: name.clone(),
                needed: needed.to_owned(),
                advice: did_you_mean(
                    needed,
                    names.all(),
                    "write a node of that name, or add it to the inputs",
                ),
            });
        }
        if let Some(found) = found
            && need.take == Take::Metadata
            && names.specs[found].kind == Kind::Input
        {
            problems.push(Problem::MetadataOfInput {
                node,
                need: position,
                name: name.clone(),
                needed: needed.to_owned(),
            });
        }
        found
    };
    match &need.what {
        What::Name(needed) => vec![one(needed, 0, problems)],
        What::Group(members) => {
            if members.is_empty() {
                problems.push(Problem::EmptyGroup { node, need: position, name: name.clone() });
            }
            members.iter().enumerate().map(|(member, needed)| one(needed, member, problems)).collect()
        }
        What::Tag(key, value) => {
            let found: Vec<_> = names
                .live_nodes()
                .filter(|(_, spec)| has_tag(spec, key, value.as_deref()))
                .map(|(index, _)| Some(index))
                .collect();
            if found.is_empty() {
                problems.push(unknown_tag(names, node, position, key, value.as_deref()));
            }
            found
        }
    }
}

fn resolve_fallbacks(names: &Names<'_>, problems: &mut Vec<Problem>) -> Vec<Option<usize>> {
    let mut fallbacks = vec![None; names.specs.len()];
    for (node, spec) in names.live_nodes() {
        let Some(fallback) = &spec.fallback else { continue };
        fallbacks[node] = names.by_name.get(fallback.as_str()).copied();
        if fallbacks[node].is_none() {
            problems.push(Problem::UnknownFallback {
                node,
                name: spec.name.clone(),
                fallback: fallback.clone(),
                advice: did_you_mean(
                    fallback,
                    names.all(),
                    "name a node or an input, or write `value(..)` for a constant",
                ),
            });
        }
    }
    fallbacks
}

fn has_tag(spec: &NodeSpec, key: &str, value: Option<&str>) -> bool {
    spec.tags.iter().any(|(tag, values)| {
        tag == key && value.is_none_or(|value| values.iter().any(|candidate| candidate == value))
    })
}

fn unknown_tag(names: &Names<'_>, node: usize, need: usize, key: &str, value: Option<&str>) -> Problem {
    let tag = value.map_or_else(|| key.to_owned(), |value| format!("{key} = \"{value}\""));
    let tags = || names.specs.iter().flat_map(|spec| &spec.tags);
    let values: Vec<&str> =
        tags().filter(|(tag, _)| tag == key).flat_map(|(_, values)| values).map(String::as_str).collect();
    let advice = match value {
        Some(value) if !values.is_empty() => match nearest(value, values.iter().copied()) {
            Some(near) => format!("did you mean `{key} = \"{near}\"`?"),
            None => format!("its values are {}", listed(values)),
        },
        _ => did_you_mean(
            key,
            tags().map(|(tag, _)| tag.as_str()),
            "give the tag to the nodes that belong to the group",
        ),
    };
    Problem::UnknownTag { node, need, tag, advice }
}

fn listed(mut values: Vec<&str>) -> String {
    values.sort_unstable();
    values.dedup();
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

/// Kahn's algorithm; of the nodes that are ready the one declared first goes first. What needs a cycle is left out.
fn topological_order(names: &Names<'_>, edges: Edges<'_>) -> Vec<usize> {
    let n_nodes = names.specs.len();
    let mut waiting = vec![0_usize; n_nodes];
    let mut dependents = vec![Vec::new(); n_nodes];
    for (node, _) in names.live_nodes() {
        for provider in edges.of(node) {
            waiting[node] += 1;
            dependents[provider].push(node);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        names.live_nodes().map(|(node, _)| node).filter(|node| waiting[*node] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(n_nodes);
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node);
        for dependent in &dependents[node] {
            waiting[*dependent] -= 1;
            if waiting[*dependent] == 0 {
                ready.push(Reverse(*dependent));
            }
        }
    }
    order
}
