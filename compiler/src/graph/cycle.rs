//! Nodes that need each other.

use std::collections::{BTreeMap, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{NodeSpec, Problem};

/// What must have run before what.
#[derive(Clone, Copy)]
pub(super) struct Edges<'a> {
    /// For each node its needs.
    pub(super) needs: &'a [Vec<Vec<Option<usize>>>],
    /// For each node its fallback; empty where fallbacks are left aside.
    pub(super) fallbacks: &'a [Option<usize>],
}

impl<'a> Edges<'a> {
    /// What a node needs.
    pub(super) fn of(self, node: usize) -> impl Iterator<Item = usize> + use<'a> {
        let needs = self.needs[node].iter().flatten();
        needs.chain(self.fallbacks.get(node)).filter_map(|provider| *provider)
    }
}

/// One cycle of every knot of nodes that need each other, the shortest through its first member.
pub(super) fn cycles(specs: &[NodeSpec], live: &[bool], edges: Edges<'_>) -> Vec<Problem> {
    let edges = Edges { fallbacks: &[], ..edges };
    knots(live, edges)
        .into_iter()
        .map(|knot| {
            let mut members = way(&knot, edges, knot[0], knot[0]);
            members.pop();
            let names = members.iter().map(|member| specs[*member].name.clone()).collect();
            Problem::Cycle { members, names }
        })
        .collect()
}

/// Fallbacks that need what they are to stand in for; one of each knot. `wrong` tells which nodes are in a cycle by
/// themselves.
pub(super) fn of_fallbacks(
    specs: &[NodeSpec],
    live: &[bool],
    edges: Edges<'_>,
    wrong: &[Problem],
) -> Vec<Problem> {
    if edges.fallbacks.iter().all(Option::is_none) {
        return Vec::new();
    }
    let known: Vec<usize> = wrong.iter().flat_map(Problem::nodes).collect();
    let knots = knots(live, edges).into_iter().filter(|knot| knot.iter().all(|node| !known.contains(node)));
    knots
        .filter_map(|knot| {
            // The other edges alone have no cycle, so there is one.
            let (node, fallback) = knot.iter().find_map(|node| {
                let fallback = edges.fallbacks[*node]?;
                knot.binary_search(&fallback).is_ok().then_some((*node, fallback))
            })?;
            let way = if node == fallback { vec![node] } else { way(&knot, edges, fallback, node) };
            let names = way.iter().map(|member| specs[*member].name.clone()).collect();
            Some(Problem::FallbackCycle { node, name: specs[node].name.clone(), names })
        })
        .collect()
}

/// The nodes that need each other, each knot and its members in the order of declaration.
fn knots(live: &[bool], edges: Edges<'_>) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), ()>::with_capacity(live.len(), live.len());
    for _ in live {
        graph.add_node(());
    }
    for (node, _) in live.iter().enumerate().filter(|(_, live)| **live) {
        for provider in edges.of(node) {
            graph.add_edge(NodeIndex::new(node), NodeIndex::new(provider), ());
        }
    }
    // Kosaraju's algorithm as petgraph has it keeps its own stack; its Tarjan recurses as deep as the graph.
    let mut knots: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|knot| {
            let mut members: Vec<usize> = knot.into_iter().map(NodeIndex::index).collect();
            members.sort_unstable();
            members
        })
        .filter(|members| members.len() > 1 || edges.of(members[0]).any(|provider| provider == members[0]))
        .collect();
    knots.sort_unstable();
    knots
}

/// The shortest way from one member of a knot to another, or back to itself, both ends in it; breadth first.
fn way(knot: &[usize], edges: Edges<'_>, from: usize, to: usize) -> Vec<usize> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for provider in edges.of(node) {
            if provider == to {
                let mut way = vec![to, node];
                while let Some(previous) = came_from.get(&way[way.len() - 1]) {
                    way.push(*previous);
                }
                way.reverse();
                return way;
            }
            let new = provider != from && !came_from.contains_key(&provider);
            if new && knot.binary_search(&provider).is_ok() {
                came_from.insert(provider, node);
                queue.push_back(provider);
            }
        }
    }
    knot.to_vec() // Not reached: in a knot there is a way from each to each.
}
