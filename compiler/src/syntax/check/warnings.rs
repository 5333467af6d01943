//! What is not wrong but surely not meant.

use super::{Checked, Feed, Origin};
use crate::syntax::diagnostics::Errors;

/// Warns of inputs that nothing uses and of private nodes that nothing needs.
pub(super) fn check(checked: &Checked<'_>, errors: &mut Errors) {
    let mut needed = vec![false; checked.nodes.len()];
    for feed in checked.feeds.iter().flatten().flatten() {
        match feed {
            Feed::Constant | Feed::Absent => {}
            Feed::One(provider) => needed[*provider] = true,
            Feed::Many(providers) => providers.iter().for_each(|provider| needed[*provider] = true),
        }
    }
    for (index, node) in checked.nodes.iter().enumerate() {
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
            Origin::Function(_) if !needed[index] && node.visibility().is_empty() && !has_parts() => {
                errors.warn(&node.name,
                    format!("nothing needs the private node `{name}`; make it `pub` so that it can be asked for, or remove it"),
                );
            }
            _ => {}
        }
    }
}
