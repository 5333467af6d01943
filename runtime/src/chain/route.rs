//! Which drivers run for a request, and what goes from one to the next.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::driver::Core;
use crate::graph::{GraphData, RoleData};
use crate::run::Needs;

use super::names::At;

/// What each driver is to do. Values go along the drivers by name: who needs one takes it, and hands it on if
/// others after it need it, too. So none is cloned.
pub(super) struct Route {
    pub(super) legs: Vec<Leg>,
}

/// What one driver is to do: nothing, if nothing is asked of it.
#[derive(Default)]
pub(super) struct Leg {
    /// What it is asked for, in order.
    pub(super) outputs: Vec<(u32, Goes)>,
    /// The inputs for which it takes what comes along, if it does.
    pub(super) feeds: Vec<u32>,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    /// Along, to those who come later.
    On,
    /// To the caller, as so manieth of what was asked for.
    Out(usize),
}

/// Something the caller asks for.
#[derive(Clone, Copy)]
pub(super) struct Want {
    pub(super) at: At,
    /// Whether what goes along under its name is this one when all have run.
    pub(super) is_last: bool,
}

impl Route {
    /// For what the caller wants, where he gives these nodes of each driver.
    pub(super) fn of(parts: &[Arc<Core>], wants: &[Want], given: &[Vec<u32>]) -> Self {
        let name_of = |(part, node): At| parts[part].graph.data().name(node);
        // What somebody later needs of what goes along; from the last driver to the first.
        let mut needed: BTreeSet<&str> =
            wants.iter().filter(|want| want.is_last).map(|want| name_of(want.at)).collect();
        let mut legs: Vec<Leg> = Vec::with_capacity(parts.len());
        for (part, core) in parts.iter().enumerate().rev() {
            let graph = core.graph.data();
            let mut leg = Leg::default();
            let own = (0..).zip(wants).filter(|(_, want)| want.at.0 == part && !want.is_last);
            leg.outputs.extend(own.map(|(n, want)| (want.at.1, Goes::Out(n))));
            leg.compute(graph, &given[part], &mut needed);
            leg.stand_in(graph, &given[part], &mut needed, |name| {
                parts[..part].iter().all(|before| before.graph.data().find(name).is_none())
            });
            leg.take(graph, &given[part], &mut needed);
            legs.push(leg);
        }
        legs.reverse();
        Self { legs }
    }
}

impl Leg {
    pub(super) fn runs(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// What it computes of what is needed.
    fn compute(&mut self, graph: &GraphData, given: &[u32], needed: &mut BTreeSet<&str>) {
        let is_computed = |node: &u32| !graph.node(*node).is_input() && !given.contains(node);
        let found: Vec<u32> = needed.iter().filter_map(|name| graph.find(name)).filter(is_computed).collect();
        for node in found {
            needed.remove(graph.name(node));
            self.outputs.push((node, Goes::On));
        }
    }

    /// The defaults that it has of what is needed: that of the first driver with an input of the name holds for all.
    fn stand_in(
        &mut self,
        graph: &GraphData,
        given: &[u32],
        needed: &mut BTreeSet<&str>,
        is_first: impl Fn(&str) -> bool,
    ) {
        let has_default = |node: &u32| matches!(graph.node(*node).role, RoleData::Input { default: Some(_) });
        let stands_in =
            |node: &u32| has_default(node) && !given.contains(node) && is_first(graph.name(*node));
        let found: Vec<u32> = needed.iter().filter_map(|name| graph.find(name)).filter(stands_in).collect();
        for node in found {
            needed.remove(graph.name(node));
            self.outputs.push((node, Goes::On));
        }
    }

    /// The inputs it takes from what goes along, and what it hands on of those and of what is given.
    fn take<'g>(&mut self, graph: &'g GraphData, given: &[u32], needed: &mut BTreeSet<&'g str>) {
        let runs = self.runs();
        let asked: Vec<u32> = self.outputs.iter().map(|(node, _)| *node).collect();
        let needs = Needs::of(graph, &asked, given);
        for (index, node) in (0..).zip(&graph.nodes) {
            let hands_on = if given.contains(&index) {
                // Where nothing runs it goes along by itself.
                needed.remove(&*node.name) && runs
            } else if node.is_input() && needs.value[index as usize] {
                self.feeds.push(index);
                !needed.insert(&node.name)
            } else {
                false
            };
            if hands_on {
                self.outputs.push((index, Goes::On));
            }
        }
    }
}
