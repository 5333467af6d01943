//! What needs more than one item to see: names across the module and its includes, groups, cycles, variants.
//!
//! [`check`] lists the nodes a module makes (`nodes`), looks at each name and condition, asks the
//! [rules](crate::graph) and reports what they find at the places of the tokens (`report`). The result is
//! complete even when there are errors, edges excepted, so that the expansion can still offer everything else the
//! user's code may name.

mod blocks;
mod conditions;
mod entries;
mod fallbacks;
mod free;
mod includes;
mod names;
mod nodes;
mod overrides;
mod report;
mod warnings;

pub use entries::Entry;
pub(in crate::syntax) use entries::needed;
pub(super) use free::free;
pub use nodes::{Node, Origin, Variant, Visible};

use std::collections::BTreeSet;

use super::diagnostics::Errors;
use super::include::Included;
use super::model::{Module, Name};
use crate::graph::{self, Need, NodeSpec, What};

/// A checked module.
#[derive(Debug)]
pub struct Checked<'m> {
    /// All nodes and inputs, in topological order where there were no errors.
    pub nodes: Vec<Node<'m>>,
    /// For each node and variant the providers of its parameters (see [`Feed`]); empty where there were errors.
    pub feeds: Vec<Vec<Vec<Feed>>>,
    /// For each node the dynamic blocks it is in, as the indices of the nodes that open them, the outermost first;
    /// empty where there were errors. A node that opens a block is itself outside of it.
    pub scopes: Vec<Vec<usize>>,
    /// For each node the one that stands in for it where it fails; empty where there were errors. Of variants only
    /// those that say so have it.
    pub fallbacks: Vec<Option<usize>>,
    /// Included nodes in whose place another one answers: (which include, its index there, who answers).
    pub replaced: Vec<(usize, u32, usize)>,
    /// Names of the user's that clash with what the expansion would add; it does not.
    pub withheld: BTreeSet<String>,
    /// Names that stand where types stand, and of no node, which is reported. Something must have them, or rustc would
    /// report them once more.
    pub stand_ins: Vec<Name>,
    /// The compiled entry points.
    pub entries: Vec<Entry<'m>>,
    /// Whether there were errors.
    pub broken: bool,
}

/// What feeds a parameter, as indices into [`Checked::nodes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Nothing of the graph: a constant, or the run's context.
    Constant,
    /// Nothing: it is optional, and its provider does not exist.
    Absent,
    /// One node.
    One(usize),
    /// The members of a group.
    Many(Vec<usize>),
}

/// Checks a module together with what it includes.
pub fn check<'m>(module: &'m Module, included: &'m [Included], errors: &mut Errors) -> Checked<'m> {
    let collected = nodes::collect(module, included, errors);
    let withheld = names::check(module, &collected.nodes, errors);
    conditions::check(module, included, &collected.nodes, errors);
    blocks::check_variants(&collected.nodes, errors);
    fallbacks::check_variants(&collected.nodes, errors);
    let mut specs: Vec<NodeSpec> = collected.nodes.iter().map(spec).collect();
    overrides::only_included(&collected.nodes, &mut specs, errors);
    let includes_broken = module.includes_unknown || included.iter().any(|included| included.broken);
    let mut checked = match graph::check(&specs) {
        Ok(resolved) => {
            let mut checked = arrange(collected, &resolved);
            checked.stand_ins = includes::check(&checked, included, errors);
            checked.broken = !errors.is_empty() || includes_broken;
            if !checked.broken {
                warnings::check(&checked, errors);
            }
            checked
        }
        Err(problems) => {
            let stand_ins = report::report(module, &collected.nodes, problems, includes_broken, errors);
            Checked { stand_ins, ..without_edges(collected) }
        }
    };
    checked.nodes.retain(|node| !withheld.contains(&node.name.text));
    checked.stand_ins.sort_by(|one, other| one.text.cmp(&other.text));
    checked.stand_ins.dedup_by(|one, other| one.text == other.text);
    checked.withheld = withheld;
    checked.entries = entries::check(module, &checked, included, errors);
    checked
}

/// What the rules need to know about a node.
fn spec(node: &Node<'_>) -> NodeSpec {
    let mut spec = match node.origin {
        Origin::Input(_) => NodeSpec::input(&node.name.text),
        Origin::Included { node: included, .. } if included.is_input() => NodeSpec::input(&node.name.text),
        _ => NodeSpec::node(&node.name.text),
    };
    spec.overrides = node.overrides;
    spec.expands = node.expands();
    spec.fallback = node.fallback().map(|(name, _)| name);
    spec.limited = node.is_limited();
    spec.unclear = match &node.origin {
        Origin::Function(variants) => variants.iter().any(|variant| variant.function.unclear),
        Origin::Part { function, .. } => function.unclear,
        Origin::Input(_) | Origin::Included { .. } => false,
    };
    spec.tags = node.tags.iter().map(|tag| (tag.key.clone(), tag.values.clone())).collect();
    spec.needs = match &node.origin {
        Origin::Input(_) => Vec::new(),
        Origin::Function(variants) => {
            variants.iter().flat_map(Variant::params).filter_map(nodes::need).collect()
        }
        Origin::Part { of, .. } => vec![Need::name(of)],
        Origin::Included { node: included, .. } => included.needs(),
    };
    spec
}

/// Puts the nodes into topological order and gives every variant its feeds.
fn arrange<'m>(collected: nodes::Collected<'m>, resolved: &graph::Resolved) -> Checked<'m> {
    let mut position = vec![usize::MAX; collected.nodes.len()];
    for (new, old) in resolved.order.iter().enumerate() {
        position[*old] = new;
    }
    // An overridden node has no position of its own: who stands in its place answers for it.
    for (old, node) in collected.nodes.iter().enumerate() {
        if position[old] == usize::MAX {
            let winner =
                collected.nodes.iter().position(|other| other.overrides && other.name.text == node.name.text);
            position[old] = winner.map_or(usize::MAX, |winner| position[winner]);
        }
    }
    let mut replaced: Vec<(usize, u32, usize)> =
        collected.replaced.iter().map(|(include, index, by)| (*include, *index, position[*by])).collect();
    let mut feeds: Vec<Vec<Vec<Feed>>> = vec![Vec::new(); resolved.order.len()];
    let mut scopes: Vec<Vec<usize>> = vec![Vec::new(); resolved.order.len()];
    let mut fallbacks: Vec<Option<usize>> = vec![None; resolved.order.len()];
    let mut ordered: Vec<Option<Node<'m>>> = (0..resolved.order.len()).map(|_| None).collect();
    let live: Vec<bool> = live(&resolved.order, collected.nodes.len());
    for (old, node) in collected.nodes.into_iter().enumerate() {
        if !live[old] {
            if let Origin::Included { include, node: included } = node.origin {
                replaced.push((include, included.index, position[old]));
            }
            continue;
        }
        feeds[position[old]] = feeds_of(&node, &resolved.needs[old], &position);
        scopes[position[old]] = resolved.scopes[old].iter().map(|block| position[*block]).collect();
        fallbacks[position[old]] = resolved.fallbacks[old].map(|fallback| position[fallback]);
        ordered[position[old]] = Some(node);
    }
    Checked {
        nodes: ordered.into_iter().flatten().collect(),
        feeds,
        scopes,
        fallbacks,
        replaced,
        withheld: BTreeSet::new(),
        stand_ins: Vec::new(),
        entries: Vec::new(),
        broken: false,
    }
}

fn live(order: &[usize], len: usize) -> Vec<bool> {
    let mut live = vec![false; len];
    for old in order {
        live[*old] = true;
    }
    live
}

/// Cuts the needs of all variants, which the rules saw as one list, back into variants and parameters.
fn feeds_of(node: &Node<'_>, needs: &[Vec<Option<usize>>], position: &[usize]) -> Vec<Vec<Feed>> {
    let mut needs = needs.iter();
    match &node.origin {
        Origin::Input(_) | Origin::Part { .. } => Vec::new(),
        Origin::Function(variants) => variants
            .iter()
            .map(|variant| {
                variant
                    .params()
                    .map(|param| match nodes::need(param) {
                        None => Feed::Constant,
                        Some(need) => feed(&need.what, needs.next().map_or(&[], Vec::as_slice), position),
                    })
                    .collect()
            })
            .collect(),
        Origin::Included { node: included, .. } => included
            .variants
            .iter()
            .map(|slots| {
                slots
                    .iter()
                    .map(|_| {
                        feed(&What::Name(String::new()), needs.next().map_or(&[], Vec::as_slice), position)
                    })
                    .collect()
            })
            .collect(),
    }
}

fn feed(what: &What, providers: &[Option<usize>], position: &[usize]) -> Feed {
    let mut providers = providers.iter().flatten().map(|old| position[*old]);
    match what {
        What::Name(_) => providers.next().map_or(Feed::Absent, Feed::One),
        What::Group(_) | What::Tag(..) => Feed::Many(providers.collect()),
    }
}

/// Everything but edges: the first node of each name, in the order of declaration.
fn without_edges(collected: nodes::Collected<'_>) -> Checked<'_> {
    let mut seen = BTreeSet::new();
    let nodes = collected.nodes.into_iter().filter(|node| seen.insert(node.name.text.clone())).collect();
    Checked {
        nodes,
        feeds: Vec::new(),
        scopes: Vec::new(),
        fallbacks: Vec::new(),
        replaced: Vec::new(),
        withheld: BTreeSet::new(),
        stand_ins: Vec::new(),
        entries: Vec::new(),
        broken: true,
    }
}
