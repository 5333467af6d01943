//! What an including dataflow may do with what it includes.

use proc_macro2::Span;

use super::{Checked, Feed, Node, Origin, Variant, report};
use crate::syntax::diagnostics::Errors;
use crate::syntax::include::{Included, IncludedNode};
use crate::syntax::model::{Bind, Mode, Name};

/// Reports the use of private nodes, inputs that nobody could supply, and overriding of what has parts. The result is
/// for [`Checked::stand_ins`].
pub(super) fn check(checked: &Checked<'_>, included: &[Included], errors: &mut Errors) -> Vec<Name> {
    let mut stand_ins = Vec::new();
    if included.is_empty() {
        return stand_ins;
    }
    for (node, feeds) in checked.nodes.iter().zip(&checked.feeds) {
        match &node.origin {
            Origin::Function(variants) => uses(checked, included, variants, feeds, &mut stand_ins, errors),
            Origin::Included { include, node } if node.is_input() && !nameable(node) => {
                private_input(&included[*include], node, errors);
            }
            _ => {}
        }
    }
    for (node, fallback) in checked.nodes.iter().zip(&checked.fallbacks) {
        let (Some(fallback), Some((_, Some(place)))) = (fallback, node.fallback()) else { continue };
        if let Origin::Included { include, node } = &checked.nodes[*fallback].origin
            && !nameable(node)
        {
            errors.at_span(place, is_private(node, &included[*include]));
        }
    }
    for (include, index, by) in &checked.replaced {
        let flow = &included[*include];
        let Some(node) = flow.nodes.iter().find(|node| node.index == *index) else { continue };
        let by = &checked.nodes[*by];
        if same_definition(node, by) {
            continue;
        }
        // Types are compared by rustc, through the names of both.
        if !nameable(node) && node.is_input() {
            private_input(flow, node, errors);
        } else if !nameable(node) {
            let name = &node.name.text;
            errors.at_span(
                by.name.span,
                format!("node `{name}` of `{}` is private, and nothing can stand in its place; make it `pub` there", flow.local),
            );
        } else if let Origin::Included { include, node: answering } = &by.origin
            && !nameable(answering)
        {
            let (name, local) = (&node.name.text, &included[*include].local);
            errors.at_span(
                flow.local.span(),
                format!("node `{name}` of `{local}` is private, and would answer for the input `{name}` of `{}`; make it `pub` there, or rename one", flow.local),
            );
        }
        if by.overrides {
            overridden_parts(flow, node, by, errors);
        }
    }
    stand_ins
}

fn same_definition(node: &IncludedNode, by: &Node<'_>) -> bool {
    matches!(&by.origin, Origin::Included { node: other, .. } if other.id == node.id && other.name.text == node.name.text)
}

fn nameable(node: &IncludedNode) -> bool {
    node.visible != super::Visible::Private
}

fn uses(
    checked: &Checked<'_>,
    included: &[Included],
    variants: &[Variant<'_>],
    feeds: &[Vec<Feed>],
    stand_ins: &mut Vec<Name>,
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
                if nameable(node) {
                    continue;
                }
                if matches!(param.mode, Mode::Metadata) && !report::is_alone(param) {
                    errors.leave_to_rustc(); // It is named as a type, by its path, and rustc says that it is private.
                } else {
                    if let (Mode::Metadata, Bind::Name(name)) = (&param.mode, &param.bind) {
                        stand_ins.push(name.clone());
                    }
                    errors.at_span(report::bind_place(param, member), is_private(node, &included[*include]));
                }
            }
        }
    }
}

fn is_private(node: &IncludedNode, flow: &Included) -> String {
    let (name, flow) = (&node.name.text, &flow.local);
    format!("node `{name}` of `{flow}` is private; make it `pub` there to use it here")
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
