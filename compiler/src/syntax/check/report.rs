//! From what the rules found to the tokens where it is wrong.

use proc_macro2::Span;

use super::{Node, Origin, Variant, nodes};
use crate::graph::Problem;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Module, Param};

/// Reports problems; where an included dataflow is broken itself, what is missing may be its fault and is not
/// reported again here.
pub(super) fn report(
    module: &Module,
    nodes: &[Node<'_>],
    problems: Vec<Problem>,
    includes_broken: bool,
    errors: &mut Errors,
) {
    for problem in problems {
        match &problem {
            Problem::Duplicate { first, second, .. }
            | Problem::InputAndNode { input: first, node: second, .. } => {
                if rustc_says(&nodes[*first], &nodes[*second]) {
                    errors.leave_to_rustc();
                    continue;
                }
                for node in [first, second] {
                    errors.at_span(place(module, &nodes[*node]), &problem);
                }
            }
            Problem::OverridesNothing { node, .. } => {
                if !includes_broken {
                    errors.at_span(nodes[*node].name.span, &problem);
                }
            }
            Problem::Unknown { .. } if includes_broken => {}
            Problem::Unknown { node, need, member, name, needed, .. } => {
                let place = member_place(&nodes[*node], *need, *member);
                if config_field(module, needed) {
                    errors.at_span(
                        place,
                        format!("node `{name}` needs `{needed}`, which is a field of the config; config selects variants, so move it to the inputs to use its value"),
                    );
                } else {
                    errors.at_span(place, &problem);
                }
            }
            Problem::UnknownTag { node, need, .. } | Problem::EmptyGroup { node, need, .. } => {
                errors.at_span(member_place(&nodes[*node], *need, 0), &problem);
            }
            Problem::Cycle { members, .. } => {
                for member in members {
                    errors.at_span(place(module, &nodes[*member]), &problem);
                }
            }
        }
    }
}

/// The place of a node; that of an included one as if it stood here, or rustc would show the macro that brought it.
fn place(module: &Module, node: &Node<'_>) -> Span {
    node.name.span.resolved_at(module.ident.span())
}

/// Two functions or two fields of one name are rustc's to report.
fn rustc_says(first: &Node<'_>, second: &Node<'_>) -> bool {
    match (&first.origin, &second.origin) {
        (Origin::Input(_), Origin::Input(_)) => true,
        (Origin::Function(first), Origin::Function(second)) => {
            let ident =
                |variants: &[Variant<'_>]| variants.first().map(|variant| variant.function.ident.clone());
            ident(first) == ident(second)
                && !first.iter().any(|variant| variant.function.parameterized.is_some())
        }
        _ => false,
    }
}

fn config_field(module: &Module, name: &str) -> bool {
    module.config.iter().flat_map(|config| &config.fields).any(|field| field.name.text == name)
}

/// The place of a member of a need of a node: the parameter, or the token of its attribute that names the member.
fn member_place(node: &Node<'_>, need: usize, member: usize) -> Span {
    let Origin::Function(variants) = &node.origin else { return node.name.span };
    let params = variants.iter().flat_map(Variant::params).filter(|param| nodes::need(param).is_some());
    let Some(param) = params.into_iter().nth(need) else { return node.name.span };
    bind_place(param, member)
}

pub(super) fn bind_place(param: &Param, member: usize) -> Span {
    match &param.bind {
        Bind::Name(name) => name.span,
        Bind::Value(_) => param.name.span,
        Bind::Group(names, span) => names.get(member).map_or(*span, |name| name.span),
        Bind::GroupTag { span, .. } => *span,
    }
}
