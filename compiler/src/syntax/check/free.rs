//! What a node outside of a dataflow cannot have.

use crate::syntax::diagnostics::Errors;
use crate::syntax::model::{Bind, Function, Mode};

/// Reports what only a dataflow gives a meaning to.
pub(in crate::syntax) fn free(function: &Function, errors: &mut Errors) {
    let mut refuse = |present: bool, what: &str| {
        if present {
            errors.at_span(
                function.ident.span(),
                format!(
                    "{what} has no meaning on a node outside of a `#[dataflow]` module; move `{}` into one",
                    function.ident
                ),
            );
        }
    };
    refuse(!function.conditions.is_empty(), "`#[when]`");
    refuse(function.parameterized.is_some(), "`#[parameterize]`");
    refuse(function.extract.is_some(), "taking a value apart");
    refuse(!function.tag_outputs.is_empty(), "`#[tag_outputs]`");
    refuse(function.overrides, "`overrides`");
    for param in &function.params {
        if let Bind::GroupTag { span, .. } = param.bind {
            errors.at_span(
                span,
                "a node outside of a `#[dataflow]` module cannot take a group by tag; name the members: `#[group(a, b)]`",
            );
        }
        let dynamic = match &param.mode {
            Mode::Borrow(ty) | Mode::OptionBorrow(ty) | Mode::Tolerant(ty) => {
                crate::syntax::text::text(ty).starts_with("dyn ")
            }
            _ => false,
        };
        if dynamic && !matches!(param.bind, Bind::Value(_)) {
            errors.at(
                &param.ty,
                "a node outside of a `#[dataflow]` module cannot take `&dyn Trait`, for nothing says which type is stored; take a reference to that type",
            );
        }
    }
}
