//! From what the rules found to the tokens where it is wrong.

use proc_macro2::Span;

use super::{Node, Origin, Variant, names, nodes};
use crate::graph::Problem;
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Function, Mode, Module, Name, Param};
use crate::syntax::text;

/// Reports problems; where an included dataflow is broken itself, what is missing may be its fault and is not
/// reported again here. The result is for [`Checked::stand_ins`](super::Checked::stand_ins).
pub(super) fn report(
    module: &Module,
    nodes: &[Node<'_>],
    problems: Vec<Problem>,
    includes_broken: bool,
    errors: &mut Errors,
) -> Vec<Name> {
    let mut stand_ins: Vec<Name> = Vec::new();
    let mut fallbacks: Vec<&Function> = Vec::new();
    let mut limited: Vec<&Function> = Vec::new();
    for problem in problems.into_iter().filter(|problem| !includes_broken || !is_unsure(problem)) {
        match &problem {
            Problem::Duplicate { first, second, .. }
            | Problem::InputAndNode { input: first, node: second, .. } => {
                if rustc_says(&nodes[*first], &nodes[*second]) {
                    errors.leave_to_rustc();
                    continue;
                }
                let (one, other) = (&nodes[*first], &nodes[*second]);
                let words = half_conditional(one, other)
                    .or_else(|| of_includes(module, one, other))
                    .unwrap_or_else(|| problem.to_string());
                for node in [first, second] {
                    errors.at_span(place(module, &nodes[*node]), &words);
                }
            }
            Problem::OverridesNothing { node, .. } => {
                if !includes_broken {
                    errors.at_span(nodes[*node].name.span, &problem);
                }
            }
            Problem::Unknown { node, need, member, name, needed, .. } => {
                let place = member_place(module, &nodes[*node], *need, *member);
                // In a `#[parameterize]` a parameter that is bound to nothing is the node's mistake.
                let place = unbound(&nodes[*node], *need, needed).unwrap_or(place);
                match metadata_of(module, &nodes[*node], *need) {
                    Some(Found::ByRustc) => {
                        errors.leave_to_rustc();
                        continue;
                    }
                    Some(Found::Nowhere(name)) => stand_ins.push(name),
                    None => {}
                }
                if let Some(advice) = function_advice(module, needed) {
                    errors.at_span(
                        place,
                        format!(
                            "node `{name}` needs `{needed}`, which is neither a node nor an input; {advice}"
                        ),
                    );
                } else if config_field(module, needed) {
                    errors.at_span(
                        place,
                        format!("node `{name}` needs `{needed}`, which is a field of the config; config selects variants, so move it to the inputs to use its value"),
                    );
                } else {
                    errors.at_span(place, &problem);
                }
            }
            Problem::UnknownTag { node, need, .. }
            | Problem::EmptyGroup { node, need, .. }
            | Problem::MetadataOfInput { node, need, .. }
            | Problem::NothingToCollect { node, need, .. } => {
                errors.at_span(member_place(module, &nodes[*node], *need, 0), &problem);
            }
            Problem::MixedBlocks { node, need, member, .. }
            | Problem::ItemAndAll { node, need, member, .. } => {
                errors.at_span(member_place(module, &nodes[*node], *need, *member), &problem);
            }
            Problem::UnknownFallback { node, .. }
            | Problem::FallbackCycle { node, .. }
            | Problem::FallbackBlock { node, .. } => {
                // One attribute makes many nodes fall back.
                if once(&mut fallbacks, &nodes[*node]) {
                    errors.at_span(fallback_place(module, &nodes[*node]), &problem);
                }
            }
            Problem::LimitInBlock { node, .. } => {
                if once(&mut limited, &nodes[*node]) {
                    errors.at_span(place(module, &nodes[*node]), &problem);
                }
            }
            Problem::Cycle { members, .. } => {
                for member in members {
                    errors.at_span(place(module, &nodes[*member]), &problem);
                }
            }
        }
    }
    stand_ins
}

/// Whether the function of a node has not been seen yet.
fn once<'m>(seen: &mut Vec<&'m Function>, node: &Node<'m>) -> bool {
    let Origin::Function(variants) = &node.origin else { return true };
    let Some(function) = variants.first().map(|variant| variant.function) else { return true };
    let new = seen.iter().all(|known| !std::ptr::eq(*known, function));
    seen.push(function);
    new
}

/// The place of the name in `#[fallback(name)]`.
fn fallback_place(module: &Module, node: &Node<'_>) -> Span {
    let place = node.fallback().and_then(|(_, place)| place);
    place.unwrap_or_else(|| member_place(module, node, 0, 0))
}

/// Whether there is a type of a name.
enum Found {
    /// There is none, and rustc says so.
    ByRustc,
    /// There is none.
    Nowhere(Name),
}

/// Whether metadata is taken by a name alone, which is not found in another module.
pub(super) fn is_alone(param: &Param) -> bool {
    let Bind::Name(name) = &param.bind else { return false };
    text::text(&param.ty).ends_with(&format!("<{}>", text::ident(name)))
}

/// What is known of the type that a need for metadata names. `None`: there may be such a type, which is no node; or it
/// is no need for metadata.
fn metadata_of(module: &Module, node: &Node<'_>, need: usize) -> Option<Found> {
    let Origin::Function(variants) = &node.origin else { return None };
    let param = param(variants, need)?;
    let (Mode::Metadata, Bind::Name(name)) = (&param.mode, &param.bind) else { return None };
    let known = names::HIDDEN.contains(&name.text.as_str())
        || module.taken.iter().any(|taken| taken.name.text == name.text)
        // Somebody else's types have names of another kind.
        || name.text.starts_with(char::is_uppercase);
    match (known, is_alone(param)) {
        (true, _) => None,
        (false, true) => Some(Found::Nowhere(name.clone())),
        (false, false) => Some(Found::ByRustc),
    }
}

/// Whether there may be no such problem as soon as an included dataflow is mended: of a broken one nobody knows what
/// its nodes need.
fn is_unsure(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Unknown { .. }
            | Problem::NothingToCollect { .. }
            | Problem::MixedBlocks { .. }
            | Problem::ItemAndAll { .. }
            | Problem::UnknownFallback { .. }
            | Problem::FallbackBlock { .. }
            | Problem::LimitInBlock { .. }
    )
}

/// The place of a node; that of an included one as if it stood here, or rustc would show the macro that brought it.
fn place(module: &Module, node: &Node<'_>) -> Span {
    node.name.span.resolved_at(module.ident.span())
}

/// Two nodes of one name of which one at least is included: one can stand for all where that is meant.
fn of_includes(module: &Module, first: &Node<'_>, second: &Node<'_>) -> Option<String> {
    let name = &first.name.text;
    let of = |node: &Node<'_>| match node.origin {
        Origin::Included { include, .. } => {
            module.includes.get(include).map(|include| include.local.to_string())
        }
        _ => None,
    };
    match (of(first), of(second)) {
        (Some(first), Some(second)) => Some(format!(
            "both `{first}` and `{second}`, which are included, have a node `{name}`; rename one, or write the one that is meant for both here, with `#[node(overrides)]`"
        )),
        (Some(included), None) | (None, Some(included)) => Some(format!(
            "`{included}`, which is included, has a node `{name}` as well; rename one, or write `#[node(overrides)]` on the one here if it is meant to stand for both"
        )),
        (None, None) => None,
    }
}

/// Of two functions for one node only one says when it is meant.
fn half_conditional(first: &Node<'_>, second: &Node<'_>) -> Option<String> {
    let conditional = |node: &Node<'_>| match &node.origin {
        Origin::Function(variants) => {
            Some(variants.iter().any(|variant| !variant.function.conditions.is_empty()))
        }
        _ => None,
    };
    let name = &first.name.text;
    (conditional(first)? != conditional(second)?).then(|| {
        format!("two functions are for node `{name}`, and only one has a `#[when(..)]`; put one on both, or rename one")
    })
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

/// The place of a node of a `#[parameterize]`, where it is one, and the parameter has only its own name.
fn unbound(node: &Node<'_>, need: usize, needed: &str) -> Option<Span> {
    let Origin::Function(variants) = &node.origin else { return None };
    let param = param(variants, need)?;
    let parameterized = variants.iter().any(|variant| variant.function.parameterized.is_some());
    (parameterized && param.name.text == needed).then_some(node.name.span)
}

/// What to do where the needed name is that of a function.
pub(super) fn function_advice(module: &Module, needed: &str) -> Option<String> {
    let function = module.functions.iter().find(|function| function.ident == needed);
    if let Some(function) = function {
        return Some(match &function.parameterized {
            Some(instances) => {
                let names: Vec<String> = instances.iter().map(|one| format!("`{}`", one.name.text)).collect();
                format!("it is the function of {}; take one of them", names.join(", "))
            }
            None => format!("it is a function of node `{0}`; take `{0}`", function.name.text),
        });
    }
    if let Some(strukt) = struct_with(module, needed) {
        return Some(format!(
            "it is a field of `{strukt}`; name it in `#[extract_fields(..)]` of the node that yields one"
        ));
    }
    let helper = module.helpers.iter().any(|helper| helper.text == needed);
    helper.then(|| format!("it is a function that is no node; put `#[node]` on `{needed}`"))
}

/// The struct of the module that a node takes apart and that has a field of this name.
fn struct_with<'m>(module: &'m Module, field: &str) -> Option<&'m str> {
    let taken_apart = module.functions.iter().filter(|function| function.extract.is_some());
    let types: Vec<String> =
        taken_apart.filter_map(|function| function.output.value.as_ref()).map(text::text).collect();
    let found = module
        .structs
        .iter()
        .find(|strukt| types.contains(&strukt.name) && strukt.fields.iter().any(|(name, ..)| name == field));
    found.map(|strukt| strukt.name.as_str())
}

fn config_field(module: &Module, name: &str) -> bool {
    module.config.iter().flat_map(|config| &config.fields).any(|field| field.name.text == name)
}

/// The place of a member of a need of a node: the parameter, or the token of its attribute that names the member. An
/// included node is at fault together with what stands here, so its place is that of the include.
fn member_place(module: &Module, node: &Node<'_>, need: usize, member: usize) -> Span {
    let variants = match &node.origin {
        Origin::Function(variants) => variants,
        Origin::Included { include, .. } => {
            return module.includes.get(*include).map_or(node.name.span, |include| include.local.span());
        }
        _ => return node.name.span,
    };
    param(variants, need).map_or(node.name.span, |param| bind_place(param, member))
}

/// The parameter behind a need: constants need nothing.
fn param<'m>(variants: &[Variant<'m>], need: usize) -> Option<&'m Param> {
    variants.iter().flat_map(Variant::params).filter(|param| nodes::need(param).is_some()).nth(need)
}

pub(super) fn bind_place(param: &Param, member: usize) -> Span {
    match &param.bind {
        Bind::Name(name) => name.span,
        Bind::Value(_) | Bind::Run => param.name.span,
        Bind::Group(names, span) => names.get(member).map_or(*span, |name| name.span),
        Bind::GroupTag { span, .. } => *span,
    }
}
