//! What `#[node(overrides)]` may stand in the place of: nodes of included dataflows.

use std::collections::BTreeSet;

use super::{Node, Origin};
use crate::graph::{NodeSpec, Problem};
use crate::syntax::diagnostics::Errors;

/// Reports a node that overrides nothing but another of its own module, and takes the mark off before the rules see
/// it: they know of no modules. Where the other is there, it is a node of the same name and nothing else.
pub(super) fn only_included(nodes: &[Node<'_>], specs: &mut [NodeSpec], errors: &mut Errors) {
    let included: BTreeSet<&str> = nodes
        .iter()
        .filter(|node| matches!(node.origin, Origin::Included { .. }))
        .map(|node| node.name.text.as_str())
        .collect();
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| node.overrides) {
        let name = &node.name.text;
        let namesakes = nodes.iter().filter(|other| other.name.text == *name).count();
        if !included.contains(name.as_str()) && namesakes > 1 {
            specs[index].overrides = false;
            errors.at_span(node.name.span, Problem::OverridesNothing { node: index, name: name.clone() });
        }
    }
}
