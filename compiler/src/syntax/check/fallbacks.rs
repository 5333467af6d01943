//! Fallbacks of variants.

use super::{Node, Origin};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::Fallback;

/// Reports variants of a node that fall back on different nodes: it would not be known what must be there.
pub(super) fn check_variants(nodes: &[Node<'_>], errors: &mut Errors) {
    for node in nodes {
        let Origin::Function(variants) = &node.origin else { continue };
        let mut names = variants.iter().filter_map(|variant| match &variant.function.fallback {
            Some(Fallback::Node(name)) => Some(name),
            _ => None,
        });
        let Some(first) = names.next() else { continue };
        if let Some(other) = names.find(|name| name.text != first.text) {
            errors.at_span(
                other.span,
                format!(
                    "the variants of node `{}` fall back on `{}` and on `{}`; name one for all",
                    node.name.text, first.text, other.text
                ),
            );
        }
    }
}
