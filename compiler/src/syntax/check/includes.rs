//! What an including dataflow may do with what it includes.

use proc_macro2::Span;

use super::{Checked, Feed, Node, Origin, Variant, report};
use crate::syntax::diagnostics::Errors;
use crate::syntax::include::{Included, IncludedNode};

/// Reports the use of private nodes, inputs that nobody could supply, and overriding of what has parts.
pub(super) fn check(checked: &Checked<'_>, included: &[Included], errors: &mut Errors) {
    if included.is_empty() {
        return;
    }
    for (node, feeds) in checked.nodes.iter().zip(&checked.feeds) {
        match &node.origin {
            Origin::Function(variants) => uses(checked, included, variants, feeds, errors),
            Origin::Included { include, node } if node.is_input() && !nameable(node) => {
                private_input(&included[*include], node, errors);
            }
            _ => {}
        }
    }
    for (include, index, by) in &checked.replaced {
        let flow = &included[*include];
        let Some(node) = flow.nodes.iter().find(|node| node.index == *index) else { continue };
        let by = &checked.nodes[*by];
        if node.is_input() && !nameable(node) && !matches!(by.origin, Origin::Included { .. }) {
            private_input(flow, node, errors);
        }
        if by.overrides {
            overridden_parts(flow, node, by, errors);
        }
    }
}

fn nameable(node: &IncludedNode) -> bool {
    node.visible != super::Visible::Private
}

fn uses(
    checked: &Checked<'_>,
    included: &[Included],
    variants: &[Variant<'_>],
    feeds: &[Vec<Feed>],
    errors: &mut Errors,
) {
    for (variant, feeds) in variants.iter().zip(feeds) {
        for (param, feed) in variant.params().zip(feeds) {
            let providers: &[usize] = match feed {
                Feed::Constant | Feed::Absent => &[],
                Feed::One(provider) => std::slice::from_ref(provider),
                Feed::Many(providers) => providers,
            };
            for (member, provider) in providers.iter().enumerate() {
                let Node { origin: Origin::Included { include, node }, .. } = &checked.nodes[*provider]
                else {
                    continue;
                };
                if !nameable(node) {
                    let (name, flow) = (&node.name.text, &included[*include].local);
                    errors.at_span(
                        report::bind_place(param, member),
                        format!("node `{name}` of `{flow}` is private; make it `pub` there to use it here"),
                    );
                }
            }
        }
    }
}

fn private_input(flow: &Included, node: &IncludedNode, errors: &mut Errors) {
    let (name, local): (_, Span) = (&node.name.text, flow.local.span());
    errors.at_span(
        local,
        format!(
            "input `{name}` of `{}` is private; make the field `pub` there so that it can be supplied",
            flow.local
        ),
    );
}

fn overridden_parts(flow: &Included, node: &IncludedNode, by: &Node<'_>, errors: &mut Errors) {
    let parts: Vec<String> = flow
        .nodes
        .iter()
        .filter(|part| part.part_of() == Some(node.name.text.as_str()))
        .map(|part| format!("`{}`", part.name.text))
        .collect();
    if !parts.is_empty() {
        errors.at_span(
            by.name.span,
            format!(
                "node `{}` of `{}` is taken apart into {}; override those instead",
                node.name.text,
                flow.local,
                parts.join(", ")
            ),
        );
    }
}
