//! The rules of `#[when]` that rustc cannot see; the match itself is its business.

use std::collections::BTreeSet;

use super::{Node, Origin, Variant};
use crate::graph::did_you_mean;
use crate::syntax::diagnostics::Errors;
use crate::syntax::include::Included;
use crate::syntax::model::{Condition, Module};
use crate::syntax::text::text;

/// Reports conditions on fields that the config lacks, and negations that do not say what they negate.
pub(super) fn check(module: &Module, included: &[Included], nodes: &[Node<'_>], errors: &mut Errors) {
    let fields = fields(module, included);
    // What could not be read may have the field.
    let unknown = module.includes_unknown || included.iter().any(|included| included.broken);
    for condition in module.functions.iter().flat_map(|function| &function.conditions).filter(|_| !unknown) {
        check_field(&fields, module.config.is_some(), condition, errors);
    }
    for node in nodes {
        if let Origin::Function(variants) = &node.origin {
            check_negations(node, variants, errors);
        }
    }
}

fn fields<'m>(module: &'m Module, included: &'m [Included]) -> Vec<&'m str> {
    let own = module.config.iter().flat_map(|config| &config.fields).map(|field| &field.name);
    let included = included.iter().flat_map(|included| &included.config).map(|field| &field.name);
    own.chain(included).map(|name| name.text.as_str()).collect()
}

fn check_field(fields: &[&str], has_config: bool, condition: &Condition, errors: &mut Errors) {
    let field = &condition.field.text;
    if fields.contains(&field.as_str()) {
        return;
    }
    let message = if fields.is_empty() && !has_config {
        format!(
            "`{field}` is looked for in the config, and this dataflow has none; add a `#[config] pub struct Config {{ pub {field}: .. }}`"
        )
    } else {
        let advice = did_you_mean(field, fields.iter().copied(), "add it to the `#[config]` struct");
        format!("the config has no field `{field}`; {advice}")
    };
    errors.at_span(condition.field.span, message);
}

/// `#[when_not(field = P)]` stands for "everything else", so something must stand for `P`.
fn check_negations(node: &Node<'_>, variants: &[Variant<'_>], errors: &mut Errors) {
    let conditions = || variants.iter().flat_map(|variant| &variant.function.conditions);
    let mut negated = conditions().filter(|condition| condition.negated);
    let Some(first) = negated.next() else { return };
    let name = &node.name.text;
    if let Some(second) = negated.next() {
        errors.at_span(
            second.field.span,
            format!("node `{name}` has more than one `#[when_not(..)]`; write what each variant is for with `#[when(..)]`"),
        );
        return;
    }
    if let Some(other) = conditions().find(|condition| condition.field.text != first.field.text) {
        errors.at_span(
            other.field.span,
            format!(
                "the variants of node `{name}` look at `{}` and `{}`, which `#[when_not(..)]` cannot; write what each is for with `#[when(..)]`",
                first.field.text, other.field.text
            ),
        );
        return;
    }
    let covered: BTreeSet<String> =
        conditions().filter(|condition| !condition.negated).flat_map(alternatives).collect();
    if covered != alternatives(first).into_iter().collect() {
        let pattern = text(&first.pattern);
        errors.at(
            &first.pattern,
            format!(
                "`#[when_not({} = {pattern})]` leaves `{pattern}` to the other variants of node `{name}`, and they do not cover just that; write `#[when({} = {pattern})]` on one of them",
                first.field.text, first.field.text
            ),
        );
    }
}

/// `A | B` as its alternatives.
fn alternatives(condition: &Condition) -> Vec<String> {
    text(&condition.pattern).split(" | ").map(str::to_owned).collect()
}
