//! What is not wrong but surely not meant.

use super::{Checked, Feed, Origin, blocks};
use crate::graph::nearest;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Param};

/// Warns of inputs that nothing uses, of private nodes that nothing needs, and of optional parameters that look
/// misspelt. A name that begins with `_` says that it is meant.
pub(super) fn check(checked: &Checked<'_>, errors: &mut Errors) {
    for (index, param, feed) in params(checked) {
        misspelt(checked, index, (param, feed), errors);
    }
    let unseen = blocks::warn_of_unseen(checked, errors);
    let mut needed = vec![false; checked.nodes.len()];
    for feed in checked.feeds.iter().flatten().flatten() {
        match feed {
            Feed::Constant | Feed::Absent => {}
            Feed::One(provider) => needed[*provider] = true,
            Feed::Many(providers) => providers.iter().for_each(|provider| needed[*provider] = true),
        }
    }
    for fallback in checked.fallbacks.iter().flatten() {
        needed[*fallback] = true;
    }
    for (index, node) in checked.nodes.iter().enumerate().filter(|(_, node)| !node.name.text.starts_with('_'))
    {
        // A function with parts is there for the sake of its parts.
        let has_parts = || {
            checked
                .nodes
                .iter()
                .any(|other| matches!(&other.origin, Origin::Part { of, .. } if *of == node.name.text))
        };
        let name = &node.name.text;
        match &node.origin {
            Origin::Input(_) if !needed[index] => {
                errors.warn(&node.name, format!("no node uses the input `{name}`; remove it"));
            }
            // Of a block that nobody sees that is said already.
            Origin::Function(_) if unseen[index] => {}
            Origin::Function(_) if !needed[index] && node.visibility().is_empty() && !has_parts() => {
                errors.warn(&node.name,
                    format!("nothing needs the private node `{name}`; make it `pub` so that it can be asked for, or remove it"),
                );
            }
            _ => {}
        }
    }
}

/// The parameters of the module's own nodes, with the index of the node.
fn params<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = (usize, &'c Param, &'c Feed)> {
    let nodes = checked.nodes.iter().zip(&checked.feeds).enumerate();
    nodes.flat_map(|(index, (node, feeds))| {
        let variants = match &node.origin {
            Origin::Function(variants) => variants.as_slice(),
            _ => &[],
        };
        let params = variants.iter().zip(feeds).flat_map(|(variant, feeds)| variant.params().zip(feeds));
        params.map(move |(param, feed)| (index, param, feed))
    })
}

/// An optional parameter whose provider does not exist, while there is one of nearly that name.
fn misspelt(checked: &Checked<'_>, node: usize, (param, feed): (&Param, &Feed), errors: &mut Errors) {
    let (Feed::Absent, Bind::Name(needed)) = (feed, &param.bind) else { return };
    let node = &checked.nodes[node].name.text;
    let names = checked.nodes.iter().map(|node| node.name.text.as_str());
    if let Some(near) = nearest(&needed.text, names.filter(|name| name != node)) {
        errors.warn(
            needed,
            format!(
                "parameter `{}` of node `{node}` is never fed: `{}` is neither a node nor an input; did you mean `{near}`?",
                param.name.text, needed.text
            ),
        );
    }
}
