//! `#[fallback(..)]`: what stands in for a node that fails.

use proc_macro2::{Delimiter, TokenTree};

use super::attributes::Attribute;
use super::{binding, settings};
use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Fallback, Output};
use crate::syntax::text::name_of;

/// Reads the attribute of node `node`.
pub(super) fn read(
    attribute: &Attribute,
    node: &str,
    output: &Output,
    errors: &mut Errors,
) -> Option<Fallback> {
    if output.expands {
        errors.at(
            attribute,
            format!("node `{node}` opens a block, whose items may be in use when it fails, so nothing can stand in for it; put `#[fallback(..)]` on a node that it needs, or on one in the block"),
        );
        return None;
    }
    let arguments = settings::list(attribute, "fallback(other_node)", errors)?.stream();
    let tokens: Vec<_> = arguments.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name)] if name != "value" => Some(Fallback::Node(name_of(name))),
        [TokenTree::Ident(value), TokenTree::Group(group)]
            if value == "value" && group.delimiter() == Delimiter::Parenthesis =>
        {
            binding::expression("value", value.span(), group, errors).map(Fallback::Value)
        }
        _ => {
            let text = settings::excerpt(&arguments);
            errors.at(
                &arguments,
                format!("`{text}` does not say what stands in for node `{node}`; write `#[fallback(other_node)]` or `#[fallback(value(expr))]`"),
            );
            None
        }
    }
}
