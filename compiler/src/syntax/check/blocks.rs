//! What the rules about dynamic blocks cannot see: variants that differ, and blocks that nobody looks into.

use super::{Checked, Feed, Node, Origin, Variant, Visible};
use crate::graph::Take;
use crate::syntax::diagnostics::Errors;

/// Reports variants of a node of which some open a block and some do not.
pub(super) fn check_variants(nodes: &[Node<'_>], errors: &mut Errors) {
    for node in nodes {
        let Origin::Function(variants) = &node.origin else { continue };
        let Some(first) = variants.first().map(|variant| variant.function) else { continue };
        let known = |variant: &&Variant<'_>| !variant.function.unclear && !first.unclear;
        let odd = variants.iter().filter(known).map(|variant| variant.function);
        for odd in odd.filter(|function| function.output.expands != first.output.expands) {
            let (opens, plain) = if odd.output.expands { (odd, first) } else { (first, odd) };
            errors.at_span(
                odd.output.span,
                format!(
                    "the variants of node `{}` are different: `{}` opens a block, and `{}` does not; return `Parallelizable<..>` from all of them, or from none",
                    node.name.text, opens.ident, plain.ident
                ),
            );
        }
    }
}

/// Warns of blocks of which nothing can ever be seen: nobody collects, and nobody may ask for a node inside. The
/// result says of each node whether it is in such a block, or opens it.
pub(super) fn warn_of_unseen(checked: &Checked<'_>, errors: &mut Errors) -> Vec<bool> {
    let mut seen = vec![false; checked.nodes.len()];
    for block in collected(checked) {
        seen[block] = true;
    }
    for (index, _) in checked.nodes.iter().enumerate().filter(|(_, node)| can_be_seen(node)) {
        seen[index] = true;
        for block in &checked.scopes[index] {
            seen[*block] = true;
        }
    }
    let unseen = |block: &usize| checked.nodes[*block].expands() && !seen[*block];
    let mut unseen_node = vec![false; checked.nodes.len()];
    for (index, node) in checked.nodes.iter().enumerate() {
        if unseen(&index) && matches!(node.origin, Origin::Function(_)) {
            let name = &node.name.text;
            errors.warn(
                &node.name,
                format!("nothing collects the items of `{name}`, and no node of its block is `pub`; collect them with a `Collect<'_, T>`, or make a node `pub` so that it can be asked for"),
            );
        }
        unseen_node[index] = unseen(&index) || checked.scopes[index].iter().any(unseen);
    }
    unseen_node
}

/// Whether its values can be asked for; a name that begins with `_` says that it is meant.
fn can_be_seen(node: &Node<'_>) -> bool {
    let visible = match &node.origin {
        Origin::Included { node, .. } => node.visible != Visible::Private,
        _ => !node.visibility().is_empty(),
    };
    visible || node.name.text.starts_with('_')
}

/// The blocks that somebody collects.
fn collected(checked: &Checked<'_>) -> Vec<usize> {
    let mut blocks = Vec::new();
    for (node, feeds) in checked.nodes.iter().zip(&checked.feeds) {
        let takes = node.takes().into_iter().flatten();
        for (feed, take) in feeds.iter().flatten().zip(takes) {
            let (Feed::One(provider), Take::Collected) = (feed, take) else { continue };
            let is_item = checked.nodes[*provider].expands();
            blocks.extend(if is_item { Some(*provider) } else { checked.scopes[*provider].last().copied() });
        }
    }
    blocks
}
